import Router from "@koa/router";
import type { LiveRouter } from "@live-session/adapter-koa";
import { nav, notifications } from "@live-session/adapter-koa/hooks";
import { activeTab } from "./hooks/active-tab.js";
import { userConfirmationInstructionsLive } from "./live/user-confirmation-instructions-live.js";
import { userConfirmationLive } from "./live/user-confirmation-live.js";
import { userEmailChangeLive } from "./live/user-email-change-live.js";
import { userForgotPasswordLive } from "./live/user-forgot-password-live.js";
import { userLoginCodeLive } from "./live/user-login-code-live.js";
import { userLoginLive } from "./live/user-login-live.js";
import { userMagicLinkLive } from "./live/user-magic-link-live.js";
import { userRegistrationLive } from "./live/user-registration-live.js";
import { userResetPasswordLive } from "./live/user-reset-password-live.js";
import { userSettingsLive } from "./live/user-settings-live.js";
import { mailbox } from "./mailbox.js";
import { clientDetails, clientOf } from "./session/client.js";
import { UserController } from "./user-controller.js";
import type { UserServices } from "./user-services.js";
import { UserSessionController } from "./user-session-controller.js";

/**
 * Adds the live sessions with the pages of users: for visitors who are not logged in, for users, and for both.
 *
 * @returns the last two live sessions, so that the router can add more pages to them
 */
export function addUserRoutes(live: LiveRouter, { accounts, actions, auth }: UserServices) {
  const { hooks, middleware } = auth;
  const { fetchCurrentUser, requireAuthenticatedUser, redirectIfUserIsAuthenticated } = middleware;

  live
    .liveSession("redirect_if_user_is_authenticated", {
      use: [fetchCurrentUser, redirectIfUserIsAuthenticated],
      onMount: [hooks.redirectIfUserIsAuthenticated, nav(activeTab)],
      session: clientOf,
    })
    .live("/users/register", userRegistrationLive(accounts, actions), "new")
    .live("/users/log_in", userLoginLive, "new")
    .live("/users/log_in/mail", userLoginCodeLive, "new")
    .live("/users/log_in/link/:token", userMagicLinkLive(accounts), "edit")
    .live("/users/reset_password", userForgotPasswordLive(actions), "new")
    .live("/users/reset_password/:token", userResetPasswordLive(accounts, actions), "edit");

  const requireAuthenticated = live
    .liveSession("require_authenticated_user", {
      use: [fetchCurrentUser, requireAuthenticatedUser],
      onMount: [hooks.ensureAuthenticated, nav(activeTab), notifications({ resume: true })],
      session: clientDetails,
    })
    .live("/users/settings", userSettingsLive(accounts, actions), "edit")
    .live("/users/settings/confirm_email/:token", userEmailChangeLive(actions), "edit");

  const mountCurrent = live
    .liveSession("current_user", {
      use: fetchCurrentUser,
      onMount: [hooks.mountCurrentUser, nav(activeTab), notifications({ resume: true })],
      session: clientOf,
    })
    .live("/users/confirm/:token", userConfirmationLive(actions), "edit")
    .live("/users/confirm", userConfirmationInstructionsLive(actions), "new");

  return { requireAuthenticated, mountCurrent };
}

/** Creates the plain HTTP routes of users: posted forms, and the mailbox page if mails are kept in memory. */
export function createUserHttpRoutes(services: UserServices): Router {
  const { actions, userSession, putFlash, notifier, keptMails } = services;
  const { fetchCurrentUser, requireAuthenticatedUser, redirectIfUserIsAuthenticated } =
    services.auth.middleware;
  const sessions = new UserSessionController(actions, userSession, putFlash);
  const user = new UserController(actions, userSession, putFlash);

  // Strict: the path of a session without its id must not be that of all sessions.
  const http = new Router({ strict: true })
    .use(fetchCurrentUser)
    .post("/users/log_in", redirectIfUserIsAuthenticated, (ctx) => sessions.create(ctx))
    .post("/users/log_in/mail", redirectIfUserIsAuthenticated, (ctx) =>
      sessions.requestMagicLink(ctx),
    )
    .post("/users/log_in/code", redirectIfUserIsAuthenticated, (ctx) => sessions.createByCode(ctx))
    .post("/users/log_in/link/:token", redirectIfUserIsAuthenticated, (ctx) =>
      sessions.createByMagicLink(ctx),
    )
    .post("/users/register", redirectIfUserIsAuthenticated, (ctx) => user.register(ctx))
    .post("/users/reset_password", redirectIfUserIsAuthenticated, (ctx) =>
      user.requestPasswordReset(ctx),
    )
    .post("/users/reset_password/:token", redirectIfUserIsAuthenticated, (ctx) =>
      user.resetPassword(ctx),
    )
    .post("/users/settings", requireAuthenticatedUser, (ctx) => user.updateSettings(ctx))
    .post("/users/settings/confirm_email/:token", requireAuthenticatedUser, (ctx) =>
      user.changeEmail(ctx),
    )
    .post("/users/confirm", (ctx) => user.requestConfirmation(ctx))
    .post("/users/confirm/:token", (ctx) => user.confirm(ctx))
    .delete("/users/log_out", (ctx) => sessions.delete(ctx))
    .delete("/users/sessions", requireAuthenticatedUser, (ctx) => sessions.deleteAll(ctx))
    .delete("/users/sessions/:id", requireAuthenticatedUser, (ctx) => sessions.deleteOne(ctx));

  if (keptMails) http.get("/dev/mailbox", mailbox(keptMails, notifier));
  return http;
}
