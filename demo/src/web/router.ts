import { LiveRouter, nav, notifications, type PubSub } from "@live-session/adapter-koa";
import { activeTab } from "./hooks/active-tab.js";
import { logSession, type WriteLine } from "./hooks/log-session.js";
import { appLayout } from "./layouts/app-layout.js";
import { mountLive } from "./live/mount-live.js";
import { notificationLive } from "./live/notification-live.js";
import { pageLive } from "./live/page-live.js";
import { mountCurrentUser } from "./user-auth.js";

/** What the site's pages work with. */
export interface RouterServices {
  readonly pubSub: PubSub;
  /** Where `logSession` writes. */
  readonly writeLine: WriteLine;
}

/** The map of the site: every live session with its hooks, every page with its view. */
export function createRouter({ pubSub, writeLine }: RouterServices): LiveRouter {
  const router = new LiveRouter({ layout: appLayout });

  router
    .session("simple", {
      onMount: [mountCurrentUser, nav(activeTab), logSession("Hello Elixir", writeLine), notifications()],
    })
    .live("/", pageLive, "home")
    .live("/notifications", notificationLive(pubSub), "show");

  router
    .session("current_user", { onMount: [mountCurrentUser, nav(activeTab), notifications()] })
    .live("/mount-a", mountLive, "mount_a")
    .live("/mount-b", mountLive, "mount_b");

  return router;
}
