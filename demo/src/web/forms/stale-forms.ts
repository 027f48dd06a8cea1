import { csrf, type Live } from "@live-session/adapter-koa";
import { isLocalPath } from "@live-session/adapter-koa/http";
import type { Context, Middleware } from "koa";
import { toFields } from "../../fields.js";
import { isReturnPath, type UserSession } from "../session/user-session.js";
import { firstCharacters, formKeeper } from "./kept-form.js";
import { formOf } from "./posted-form.js";

const STALE = "Your session has changed since this page was loaded. Please try again.";
const ALREADY_LOGGED_IN = "You are already logged in.";

/** Pages whose form is in the flash under this id. The settings page has two forms. */
const formIds: Readonly<Record<string, string>> = {
  "/users/register": "registration_form",
  "/users/log_in/code": "login_code_form",
  "/users/reset_password": "reset_password_form",
  "/users/confirm": "resend_confirmation_form",
};
/** Forms that are not on the page of their path. */
const pages: Readonly<Record<string, string>> = {
  "/users/log_out": "/",
  "/users/log_in/mail": "/users/log_in",
  "/users/log_in/code": "/users/log_in/mail",
  "/users/sessions": "/users/settings",
};

/** Options of `staleForms`. */
export interface StaleFormsOptions {
  readonly userSession: UserSession;
  readonly putFlash: Live["putFlash"];
}

/**
 * Checks CSRF tokens. A form of the site itself whose token is stale, for example because of a login in another tab,
 * returns to its page with a message and the entered values, except passwords. All other requests without a valid token
 * are answered with 403.
 */
export function staleForms({ userSession, putFlash }: StaleFormsOptions): Middleware {
  const check = csrf();
  const keepForm = formKeeper(putFlash);

  /** Stores the message and the values for the page of the form. */
  function keep(ctx: Context): void {
    const { user: params, return_to: returnTo } = formOf(ctx);
    const formId = formIdOf(ctx);
    if (formId) keepForm(ctx, formId, params, { errors: {}, message: STALE });
    else putFlash(ctx, "error", STALE);
    if (ctx.path !== "/users/log_in" && ctx.path !== "/users/log_in/mail") return;
    const { email, remember_me: rememberMe } = toFields(params);
    if (typeof email === "string") putFlash(ctx, "email", firstCharacters(email));
    if (rememberMe === "true") putFlash(ctx, "remember_me", "true");
    if (isReturnPath(returnTo)) putFlash(ctx, "return_to", returnTo);
  }

  async function returnToForm(ctx: Context): Promise<void> {
    if (isForVisitors(ctx.path) && (await userSession.currentUser(ctx))) {
      if (ctx.path === "/users/log_in") putFlash(ctx, "info", ALREADY_LOGGED_IN);
      ctx.redirect("/");
      return;
    }
    keep(ctx);
    ctx.redirect(pages[ctx.path.replace(/\/\d+$/, "")] ?? ctx.path);
  }

  return async function staleForms(ctx, next) {
    let isValid = false;
    try {
      await check(ctx, () => {
        isValid = true;
        return next();
      });
    } catch (error) {
      const isForm = ctx.is("urlencoded", "multipart");
      const isOwnForm = isForm && isSameOrigin(ctx) && isLocalPath(ctx.path);
      if (isValid || !isOwnForm) throw error;
      await returnToForm(ctx);
    }
  };
}

/**
 * Whether a page of the site sent the request. A response to another site must not set cookies: the request came without
 * the session cookie, so a new session would replace the user's.
 */
function isSameOrigin(ctx: Context): boolean {
  const site = ctx.get("Sec-Fetch-Site");
  // Browsers send this header only over HTTPS and to localhost.
  if (site !== "") return site === "same-origin";
  return ctx.get("Origin").replace(/^https?:\/\//, "") === ctx.host;
}

function formIdOf(ctx: Context): string | undefined {
  if (ctx.path === "/users/settings") {
    return ctx.query._action === "update_password" ? "password_form" : "email_form";
  }
  if (ctx.path.startsWith("/users/reset_password/")) return "reset_password_form";
  return formIds[ctx.path];
}

/** Whether a logged-in user is redirected from the page of this path. */
function isForVisitors(path: string): boolean {
  return /^\/users\/(?:log_in|register|reset_password)(?:\/|$)/.test(path);
}
