import { putFlash } from "@live-session/adapter-koa";
import type { Context } from "koa";
import type { User } from "../accounts/users/user.js";
import type { AccountActions, MessageOutcome } from "./account-actions.js";
import { keepForm } from "./forms/kept-form.js";
import { formOf } from "./forms/posted-form.js";
import type { UserSession } from "./user-session.js";

/** A request whose path holds a token. */
type TokenContext = Context & { readonly params: { readonly token?: string } };

/**
 * The forms of the account pages as plain posts, for browsers that run no script. What is refused goes back
 * to the page, which shows it as the live view does.
 */
export function accountController(actions: AccountActions, userSession: UserSession) {
  return {
    /** Registers, and logs in. */
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

    /** Asks for the link to the form for a new password. */
    async requestPasswordReset(ctx: Context): Promise<void> {
      const { user: params } = formOf(ctx);
      tell(ctx, await actions.requestPasswordReset(params, ctx.ip), ctx.path);
    },

    /** Sets a new password by the token of a mail. */
    async resetPassword(ctx: TokenContext): Promise<void> {
      const { user: params } = formOf(ctx);
      const reset = await actions.resetPassword(ctx.params.token, params);
      if (reset?.ok) {
        putFlash(ctx, "info", reset.info);
        ctx.redirect("/users/log_in");
      } else {
        // The page itself tells what is wrong with the token.
        if (reset) keepForm(ctx, "reset_password_form", params, reset);
        ctx.redirect(ctx.path);
      }
    },

    /** Asks once more for the link that confirms the address. */
    async requestConfirmation(ctx: Context): Promise<void> {
      const { user: params } = formOf(ctx);
      tell(ctx, await actions.requestConfirmation(params, ctx.ip), ctx.path);
    },

    /** Confirms the address by the token of a mail. */
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

/** Answers with a message on the home page, or with what is wrong on the form's own page. */
function tell(ctx: Context, outcome: MessageOutcome, formPath: string): void {
  if (outcome.ok) putFlash(ctx, "info", outcome.info);
  else putFlash(ctx, "error", outcome.message);
  ctx.redirect(outcome.ok ? "/" : formPath);
}
