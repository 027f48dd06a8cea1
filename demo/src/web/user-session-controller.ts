import type { Live } from "@live-session/adapter-koa";
import type { Context } from "koa";
import type { User } from "../accounts/users/user.js";
import { toFields } from "../fields.js";
import { firstCharacters } from "./forms/kept-form.js";
import { formOf } from "./forms/posted-form.js";
import type { UserSession } from "./session/user-session.js";
import type { UserActions } from "./user-actions.js";

const WELCOMES: Readonly<Record<string, string>> = {
  registered: "Account created successfully!",
  password_updated: "Password updated successfully!",
};

/** Logs users in and out over HTTP, since only an HTTP response can set cookies. */
export function userSessionController(
  actions: UserActions,
  userSession: UserSession,
  putFlash: Live["putFlash"],
) {
  return {
    /** Logs in: after the login form, or after a view that has registered a user or changed a password. */
    async create(ctx: Context): Promise<void> {
      const { user: params, return_to: returnTo, _action: posted } = formOf(ctx);
      const action = String(ctx.query._action ?? posted);
      userSession.rememberReturnTo(
        ctx,
        action === "password_updated" ? "/users/settings" : returnTo,
      );
      const { email, remember_me: rememberMe } = toFields(params);
      const browser = userSession.knownBrowsers.find(ctx, email);
      const result = await actions.logIn(params, ctx.ip, browser);
      if (result.ok) {
        const to = await userSession.logIn(ctx, result.user, { rememberMe: rememberMe === "true" });
        putFlash(ctx, "info", WELCOMES[action] ?? "Welcome back!");
        ctx.redirect(to);
        return;
      }
      putFlash(ctx, "error", result.message);
      if (typeof email === "string") putFlash(ctx, "email", firstCharacters(email));
      ctx.redirect("/users/log_in");
    },

    /** Logs out. Has the same response if the visitor is not logged in. */
    async delete(ctx: Context): Promise<void> {
      await userSession.logOut(ctx);
      putFlash(ctx, "info", "Logged out successfully.");
      ctx.redirect("/");
    },

    /** Logs the user out in every browser. */
    async deleteAll(ctx: Context): Promise<void> {
      await userSession.logOutEverywhere(ctx, ctx.state.currentUser as User);
      putFlash(ctx, "info", "Logged out everywhere.");
      ctx.redirect("/");
    },
  };
}
