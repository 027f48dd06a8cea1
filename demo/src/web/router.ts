import Router from "@koa/router";
import { type Live, LiveRouter, type PubSub } from "@live-session/adapter-koa";
import { nav, notifications } from "@live-session/adapter-koa/hooks";
import type { Accounts } from "../accounts/accounts.js";
import type { MemoryMailer } from "../accounts/mail/memory-mailer.js";
import type { UserNotifier } from "../accounts/mail/user-notifier.js";
import type { AccountActions } from "./account-actions.js";
import { AccountController } from "./account-controller.js";
import { clientAddress, clientDetails } from "./client-address.js";
import { activeTab } from "./hooks/active-tab.js";
import { logSession, type WriteLine } from "./hooks/log-session.js";
import { appLayout } from "./layouts/app-layout.js";
import { mountLive } from "./live/mount-live.js";
import { notificationLive } from "./live/notification-live.js";
import { pageLive } from "./live/page-live.js";
import { userConfirmationInstructionsLive } from "./live/user-confirmation-instructions-live.js";
import { userConfirmationLive } from "./live/user-confirmation-live.js";
import { userEmailChangeLive } from "./live/user-email-change-live.js";
import { userForgotPasswordLive } from "./live/user-forgot-password-live.js";
import { userLoginLive } from "./live/user-login-live.js";
import { userRegistrationLive } from "./live/user-registration-live.js";
import { userResetPasswordLive } from "./live/user-reset-password-live.js";
import { userSettingsLive } from "./live/user-settings-live.js";
import { mailbox } from "./mailbox.js";
import type { UserSession } from "./session/user-session.js";
import { userAuth } from "./user-auth.js";
import { userSessionController } from "./user-session-controller.js";

/** The services that the pages of the site use. */
export interface RouterServices {
  readonly accounts: Accounts;
  readonly actions: AccountActions;
  readonly userSession: UserSession;
  readonly pubSub: PubSub;
  /** Stores a flash message for the next page. */
  readonly putFlash: Live["putFlash"];
  /** Writes the lines of `logSession`. */
  readonly writeLine: WriteLine;
  readonly notifier: UserNotifier;
  /** The mails for the mailbox page; null if mails are sent. */
  readonly keptMails: MemoryMailer | null;
}

type Auth = ReturnType<typeof userAuth>;

/** Creates all routes of the site: the live sessions with their hooks and pages, and the plain HTTP routes. */
export function createRouter(services: RouterServices): { live: LiveRouter; http: Router } {
  const { accounts, userSession, putFlash } = services;
  const auth = userAuth(accounts, userSession, putFlash);
  const live = new LiveRouter({ layout: appLayout });
  addPages(live, services, auth);
  addAccountPages(live, services, auth);
  return { live, http: createHttpRouter(services, auth) };
}

function addPages(
  live: LiveRouter,
  { pubSub, writeLine }: RouterServices,
  { hooks, middleware: { fetchCurrentUser } }: Auth,
): void {
  live
    .liveSession("simple", {
      use: fetchCurrentUser,
      onMount: [
        hooks.mountCurrentUser,
        nav(activeTab),
        logSession("Hello Elixir", writeLine),
        notifications(),
      ],
    })
    .live("/", pageLive, "home")
    .live("/notifications", notificationLive(pubSub), "show");
}

function addAccountPages(
  live: LiveRouter,
  { accounts, actions }: RouterServices,
  { hooks, middleware }: Auth,
): void {
  const { fetchCurrentUser, requireAuthenticatedUser, redirectIfUserIsAuthenticated } = middleware;

  live
    .liveSession("redirect_if_user_is_authenticated", {
      use: [fetchCurrentUser, redirectIfUserIsAuthenticated],
      onMount: [hooks.redirectIfUserIsAuthenticated, nav(activeTab)],
      session: clientAddress,
    })
    .live("/users/register", userRegistrationLive(accounts, actions), "new")
    .live("/users/log_in", userLoginLive, "new")
    .live("/users/reset_password", userForgotPasswordLive(actions), "new")
    .live("/users/reset_password/:token", userResetPasswordLive(accounts, actions), "edit");

  live
    .liveSession("require_authenticated_user", {
      use: [fetchCurrentUser, requireAuthenticatedUser],
      onMount: [hooks.ensureAuthenticated, nav(activeTab), notifications()],
      session: clientDetails,
    })
    .live("/mount-c", mountLive, "mount_c")
    .live("/users/settings", userSettingsLive(accounts, actions), "edit")
    .live("/users/settings/confirm_email/:token", userEmailChangeLive(actions), "edit");

  live
    .liveSession("current_user", {
      use: fetchCurrentUser,
      onMount: [hooks.mountCurrentUser, nav(activeTab), notifications()],
      session: clientAddress,
    })
    .live("/mount-a", mountLive, "mount_a")
    .live("/mount-b", mountLive, "mount_b")
    .live("/users/confirm/:token", userConfirmationLive(actions), "edit")
    .live("/users/confirm", userConfirmationInstructionsLive(actions), "new");
}

function createHttpRouter(services: RouterServices, { middleware }: Auth): Router {
  const { actions, userSession, putFlash, notifier, keptMails } = services;
  const { fetchCurrentUser, requireAuthenticatedUser, redirectIfUserIsAuthenticated } = middleware;
  const sessions = userSessionController(actions, userSession, putFlash);
  const account = new AccountController(actions, userSession, putFlash);

  const http = new Router()
    .use(fetchCurrentUser)
    .post("/users/log_in", redirectIfUserIsAuthenticated, sessions.create)
    .post("/users/register", redirectIfUserIsAuthenticated, (ctx) => account.register(ctx))
    .post("/users/reset_password", redirectIfUserIsAuthenticated, (ctx) =>
      account.requestPasswordReset(ctx),
    )
    .post("/users/reset_password/:token", redirectIfUserIsAuthenticated, (ctx) =>
      account.resetPassword(ctx),
    )
    .post("/users/settings", requireAuthenticatedUser, (ctx) => account.updateSettings(ctx))
    .post("/users/settings/confirm_email/:token", requireAuthenticatedUser, (ctx) =>
      account.changeEmail(ctx),
    )
    .post("/users/confirm", (ctx) => account.requestConfirmation(ctx))
    .post("/users/confirm/:token", (ctx) => account.confirm(ctx))
    .delete("/users/log_out", sessions.delete)
    .delete("/users/sessions", requireAuthenticatedUser, sessions.deleteAll);

  if (keptMails) http.get("/dev/mailbox", mailbox(keptMails, notifier));
  return http;
}
