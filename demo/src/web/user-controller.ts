import type { Live } from "@live-session/adapter-koa";
import type { Context } from "koa";
import type { User } from "../accounts/users/user.js";
import { toFields } from "../fields.js";
import { formKeeper } from "./forms/kept-form.js";
import { formOf } from "./forms/posted-form.js";
import { clientOf } from "./session/client.js";
import type { UserSession } from "./session/user-session.js";
import type { MessageOutcome, UserActions } from "./user-actions.js";

/** A request with a token in its path. */
type TokenContext = Context & { readonly params: { readonly token?: string } };

/**
 * Handles the forms of the account pages as plain posts, for browsers without JavaScript. After a refused
 * form the browser returns to the page, which shows the same errors as the live view.
 */
export class UserController {
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

  /** Registers a user and logs in. */
  async register(ctx: Context): Promise<void> {
    const { user: params } = formOf(ctx);
    const registered = await this.#actions.register(params, clientOf(ctx));
    if (!registered.ok) {
      this.#keepForm(ctx, "registration_form", params, registered);
      ctx.redirect("/users/register");
      return;
    }
    const to = await this.#userSession.logIn(ctx, registered.user);
    this.#putFlash(ctx, "info", "Account created successfully!");
    ctx.redirect(to);
  }

  /** Mails the link to the form for a new password. */
  async requestPasswordReset(ctx: Context): Promise<void> {
    const { user: params } = formOf(ctx);
    this.#respond(ctx, await this.#actions.requestPasswordReset(params, clientOf(ctx)), ctx.path);
  }

  /** Sets a new password with a mailed token. */
  async resetPassword(ctx: TokenContext): Promise<void> {
    const { user: params } = formOf(ctx);
    const reset = await this.#actions.resetPassword(ctx.params.token, params);
    if (reset?.ok) {
      this.#putFlash(ctx, "info", reset.info);
      ctx.redirect("/users/log_in");
    } else {
      // The page reports an invalid token itself.
      if (reset) this.#keepForm(ctx, "reset_password_form", params, reset);
      ctx.redirect(ctx.path);
    }
  }

  /** Mails the confirmation link again. */
  async requestConfirmation(ctx: Context): Promise<void> {
    const { user: params } = formOf(ctx);
    this.#respond(ctx, await this.#actions.requestConfirmation(params, clientOf(ctx)), ctx.path);
  }

  /** Confirms the address with a mailed token. */
  async confirm(ctx: TokenContext): Promise<void> {
    const messages = await this.#actions.confirm(
      ctx.params.token,
      ctx.state.currentUser as User | null,
    );
    for (const [kind, message] of Object.entries(messages)) this.#putFlash(ctx, kind, message);
    ctx.redirect("/");
  }

  /**
   * Changes the e-mail address or the password. The form contains the current password if the user logged in long ago.
   */
  async updateSettings(ctx: Context): Promise<void> {
    const isPassword = ctx.query._action === "update_password";
    const formId = isPassword ? "password_form" : "email_form";
    const form = formOf(ctx);
    const user = ctx.state.currentUser as User;
    const token = this.#userSession.tokenOf(ctx);
    const sudo = await this.#actions.ensureSudoMode(user, token, form, clientOf(ctx));
    if (!sudo.ok) this.#keepForm(ctx, formId, form.user, sudo);
    else if (isPassword) await this.#updatePassword(ctx, user);
    else await this.#requestEmailChange(ctx, user);
    ctx.redirect(ctx.path);
  }

  /** Changes the e-mail address with a mailed token. */
  async changeEmail(ctx: TokenContext): Promise<void> {
    const currentUser = ctx.state.currentUser as User;
    const [kind, message] = await this.#actions.changeEmail(currentUser, ctx.params.token);
    this.#putFlash(ctx, kind, message);
    ctx.redirect("/users/settings");
  }

  async #updatePassword(ctx: Context, user: User): Promise<void> {
    const { user: params } = formOf(ctx);
    const changed = await this.#actions.changePassword(user, params);
    if (!changed.ok) return this.#keepForm(ctx, "password_form", params, changed);
    const { remember_me: rememberMe } = toFields(params);
    await this.#userSession.logIn(ctx, changed.user, { rememberMe: rememberMe === "true" });
    this.#putFlash(ctx, "info", "Password updated successfully!");
  }

  async #requestEmailChange(ctx: Context, user: User): Promise<void> {
    const { user: params } = formOf(ctx);
    const requested = await this.#actions.requestEmailChange(user, params, clientOf(ctx));
    if (requested.ok) this.#putFlash(ctx, "info", requested.info);
    else this.#keepForm(ctx, "email_form", params, requested);
  }

  /** Shows a message on the home page, or the error on the page of the form. */
  #respond(ctx: Context, outcome: MessageOutcome, formPath: string): void {
    if (outcome.ok) this.#putFlash(ctx, "info", outcome.info);
    else this.#putFlash(ctx, "error", outcome.message);
    ctx.redirect(outcome.ok ? "/" : formPath);
  }
}
