import type { Live } from "@live-session/adapter-koa";
import type { Context } from "koa";
import type { User } from "../accounts/users/user.js";
import { toFields } from "../fields.js";
import { firstCharacters, formKeeper } from "./forms/kept-form.js";
import { formOf } from "./forms/posted-form.js";
import { clientOf } from "./session/client.js";
import type { UserSession } from "./session/user-session.js";
import type { UserActions } from "./user-actions.js";

const CODE_PATH = "/users/log_in/mail";
const CODE_FORM = "login_code_form";

const WELCOMES: ReadonlyMap<unknown, string> = new Map([
  ["registered", "Account created successfully!"],
  ["password_updated", "Password updated successfully!"],
]);

/** A request with a parameter in its path. */
type ParamContext<Name extends string> = Context & {
  readonly params: { readonly [Key in Name]?: string };
};

/** Logs users in and out over HTTP, since only an HTTP response can set cookies. */
export class UserSessionController {
  readonly #actions: UserActions;
  readonly #userSession: UserSession;
  readonly #putFlash: Live["putFlash"];
  readonly #keepForm: ReturnType<typeof formKeeper>;

  constructor(actions: UserActions, userSession: UserSession, putFlash: Live["putFlash"]) {
    this.#actions = actions;
    this.#userSession = userSession;
    this.#putFlash = putFlash;
    this.#keepForm = formKeeper(putFlash);
  }

  /** Logs in: after the login form, or after a view that has registered a user or changed a password. */
  async create(ctx: Context): Promise<void> {
    const { user: params, return_to: returnTo, _action: posted } = formOf(ctx);
    const action = String(ctx.query._action ?? posted);
    this.#userSession.rememberReturnTo(
      ctx,
      action === "password_updated" ? "/users/settings" : returnTo,
    );
    const result = await this.#actions.logIn(params, clientOf(ctx));
    if (result.ok) return this.#welcome(ctx, result.user, WELCOMES.get(action));
    const { email } = toFields(params);
    this.#putFlash(ctx, "error", result.message);
    if (typeof email === "string") this.#putFlash(ctx, "email", firstCharacters(email));
    ctx.redirect("/users/log_in");
  }

  /** Mails a link and a code to log in, and shows the page to enter the code. */
  async requestMagicLink(ctx: Context): Promise<void> {
    const { user: params, return_to: returnTo } = formOf(ctx);
    this.#userSession.rememberReturnTo(ctx, returnTo);
    const requested = await this.#actions.requestMagicLink(params, clientOf(ctx));
    if (requested.ok) {
      this.#putFlash(ctx, "info", requested.info);
      this.#keepForm(ctx, CODE_FORM, params, { errors: {}, message: null });
    } else {
      this.#putFlash(ctx, "error", requested.message);
    }
    ctx.redirect(requested.ok ? CODE_PATH : "/users/log_in");
  }

  /** Logs in with a mailed link. */
  async createByMagicLink(ctx: ParamContext<"token">): Promise<void> {
    const result = await this.#actions.logInByMagicLink(ctx.params.token, clientOf(ctx));
    // The page reports an invalid link itself.
    if (result?.ok) await this.#welcome(ctx, result.user, result.info);
    else ctx.redirect(ctx.path);
  }

  /** Logs in with a mailed code. */
  async createByCode(ctx: Context): Promise<void> {
    const { user: params } = formOf(ctx);
    const result = await this.#actions.logInByCode(params, clientOf(ctx));
    if (result.ok) return this.#welcome(ctx, result.user, result.info);
    this.#keepForm(ctx, CODE_FORM, params, result);
    ctx.redirect(CODE_PATH);
  }

  /** Logs out. Has the same response if the visitor is not logged in. */
  async delete(ctx: Context): Promise<void> {
    await this.#userSession.logOut(ctx);
    this.#putFlash(ctx, "info", "Logged out successfully.");
    ctx.redirect("/");
  }

  /** Ends a session of the user in another browser. */
  async deleteOne(ctx: ParamContext<"id">): Promise<void> {
    await this.#actions.endSession(ctx.state.currentUser as User, ctx.params.id);
    this.#putFlash(ctx, "info", "Session ended.");
    ctx.redirect("/users/settings");
  }

  /** Logs the user out in every browser. */
  async deleteAll(ctx: Context): Promise<void> {
    await this.#userSession.logOutEverywhere(ctx, ctx.state.currentUser as User);
    this.#putFlash(ctx, "info", "Logged out everywhere.");
    ctx.redirect("/");
  }

  /** Begins the session of a user, and goes to the page that the user wanted to open. */
  async #welcome(ctx: Context, user: User, message = "Welcome back!"): Promise<void> {
    const { remember_me: rememberMe } = toFields(formOf(ctx).user);
    const to = await this.#userSession.logIn(ctx, user, { rememberMe: rememberMe === "true" });
    this.#putFlash(ctx, "info", message);
    ctx.redirect(to);
  }
}
