import { LiveRouter, type Presence, type PubSub } from "@live-session/adapter-koa";
import { dashboard } from "@live-session/adapter-koa/dashboard";
import { nav, notifications } from "@live-session/adapter-koa/hooks";
import type { Avatars } from "../avatars/avatars.js";
import type { Feedback } from "../feedback/feedback.js";
import { activeTab } from "./hooks/active-tab.js";
import { logSession, type WriteLine } from "./hooks/log-session.js";
import { type Visitor, whoIsHere } from "./hooks/who-is-here.js";
import { appLayout } from "./layouts/app-layout.js";
import { avatarLive } from "./live/avatar-live.js";
import { feedbackLive } from "./live/feedback-live.js";
import { mountLive } from "./live/mount-live.js";
import { notificationLive } from "./live/notification-live.js";
import { pageLive } from "./live/page-live.js";
import { addUserRoutes } from "./user-routes.js";
import type { UserServices } from "./user-services.js";

/** The services that the pages of the site use. */
export interface RouterServices {
  readonly users: UserServices;
  readonly avatars: Avatars;
  readonly feedback: Feedback;
  readonly pubSub: PubSub;
  /** The visitors of each page. */
  readonly visitors: Presence<Visitor>;
  /** Writes the lines of `logSession`. */
  readonly writeLine: WriteLine;
  /** Whether users see the dashboard. */
  readonly dashboard: boolean;
}

/** Creates the live sessions of the site, with their hooks and pages. */
export function createRouter(services: RouterServices): LiveRouter {
  const { users, avatars, feedback, pubSub, visitors, writeLine } = services;
  const { hooks, middleware } = users.auth;
  const live = new LiveRouter({ layout: appLayout });
  live
    .liveSession("simple", {
      use: middleware.fetchCurrentUser,
      onMount: [
        hooks.mountCurrentUser,
        nav(activeTab),
        logSession("Hello Elixir", writeLine),
        notifications({ resume: true }),
        whoIsHere(visitors),
      ],
    })
    .live("/", pageLive, "home")
    .live("/feedback", feedbackLive(feedback))
    .live("/notifications", notificationLive(pubSub), "show");

  const { requireAuthenticated, mountCurrent } = addUserRoutes(live, users);
  requireAuthenticated
    .live("/users/settings/avatar", avatarLive(avatars), "edit")
    .live("/mount-c", mountLive, "mount_c");
  mountCurrent.live("/mount-a", mountLive, "mount_a").live("/mount-b", mountLive, "mount_b");
  if (services.dashboard) {
    live.liveSession(
      "dashboard",
      {
        use: [middleware.fetchCurrentUser, middleware.requireAuthenticatedUser],
        onMount: hooks.ensureAuthenticated,
      },
      dashboard({ path: "/dev/dashboard", pubSub, presences: [visitors] }),
    );
  }
  return live;
}
