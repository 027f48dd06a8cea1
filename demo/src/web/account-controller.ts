import type { Live } from "@live-session/adapter-koa";
import type { Context } from "koa";
import type { User } from "../accounts/users/user.js";
import type { AccountActions, MessageOutcome } from "./account-actions.js";
import { formKeeper } from "./forms/kept-form.js";
import { formOf } from "./forms/posted-form.js";
import type { UserSession } from "./user-session.js";

/** A request with a token in its path. */
type TokenContext = Context & { readonly params: { readonly token?: string } };

/**
 * Handles the forms of the account pages as plain posts, for browsers without JavaScript. After a refused
 * form the browser returns to the page, which shows the same errors as the live view.
 */
export function accountController(
  actions: AccountActions,
  userSession: UserSession,
  putFlash: Live["putFlash"],
) {
  const keepForm = formKeeper(putFlash);
  /** Shows a message on the home page, or the error on the page of the form. */
  const respond = (ctx: Context, outcome: MessageOutcome, formPath: string): void => {
    if (outcome.ok) putFlash(ctx, "info", outcome.info);
    else putFlash(ctx, "error", outcome.message);
    ctx.redirect(outcome.ok ? "/" : formPath);
  };
  return {
    /** Registers a user and logs in. */
    async register(ctx: Context): Promise<void> {
      const { user: params } = formOf(ctx);
      const registered = await actions.register(params, ctx.ip);
      if (!registered.ok) {
        keepForm(ctx, "registration_form", params, registered);
        ctx.redirect("/users/register");
        return;
      }
      const to = await userSession.logIn(ctx, registered.user);
      putFlash(ctx, "info", "Account created successfully!");
      ctx.redirect(to);
    },

    /** Mails the link to the form for a new password. */
    async requestPasswordReset(ctx: Context): Promise<void> {
      const { user: params } = formOf(ctx);
      respond(ctx, await actions.requestPasswordReset(params, ctx.ip), ctx.path);
    },

    /** Sets a new password with a mailed token. */
    async resetPassword(ctx: TokenContext): Promise<void> {
      const { user: params } = formOf(ctx);
      const reset = await actions.resetPassword(ctx.params.token, params);
      if (reset?.ok) {
        putFlash(ctx, "info", reset.info);
        ctx.redirect("/users/log_in");
      } else {
        // The page reports an invalid token itself.
        if (reset) keepForm(ctx, "reset_password_form", params, reset);
        ctx.redirect(ctx.path);
      }
    },

    /** Mails the confirmation link again. */
    async requestConfirmation(ctx: Context): Promise<void> {
      const { user: params } = formOf(ctx);
      respond(ctx, await actions.requestConfirmation(params, ctx.ip), ctx.path);
    },

    /** Confirms the address with a mailed token. */
    async confirm(ctx: TokenContext): Promise<void> {
      const messages = await actions.confirm(
        ctx.params.token,
        ctx.state.currentUser as User | null,
      );
      for (const [kind, message] of Object.entries(messages)) putFlash(ctx, kind, message);
      ctx.redirect("/");
    },

    /** Changes the e-mail address or the password. */
    async updateSettings(ctx: Context): Promise<void> {
      const { user: params, current_password: currentPassword } = formOf(ctx);
      const currentUser = ctx.state.currentUser as User;
      if (ctx.query._action === "update_password") {
        const changed = await actions.changePassword(currentUser, currentPassword, params, ctx.ip);
        if (changed.ok) {
          await userSession.logIn(ctx, changed.user);
          putFlash(ctx, "info", "Password updated successfully!");
        } else {
          keepForm(ctx, "password_form", params, changed);
        }
      } else {
        const asked = await actions.requestEmailChange(
          currentUser,
          currentPassword,
          params,
          ctx.ip,
        );
        if (asked.ok) putFlash(ctx, "info", asked.info);
        else keepForm(ctx, "email_form", params, asked);
      }
      ctx.redirect(ctx.path);
    },
  };
}
