import { LiveRouter, type PubSub } from "@live-session/adapter-koa";
import { nav, notifications } from "@live-session/adapter-koa/hooks";
import type { Database } from "../database.js";
import { activeTab } from "./hooks/active-tab.js";
import { logSession, type WriteLine } from "./hooks/log-session.js";
import { appLayout } from "./layouts/app-layout.js";
import { counterLive } from "./live/counter-live.js";
import { notificationLive } from "./live/notification-live.js";
import { statusLive } from "./live/status-live.js";

/** The services that the pages of the site use. */
export interface RouterServices {
  readonly database: Database;
  readonly pubSub: PubSub;
  /** Writes the lines of `logSession`. */
  readonly writeLine: WriteLine;
}

/** Creates the live sessions of the site, with their hooks and pages. */
export function createRouter({ database, pubSub, writeLine }: RouterServices): LiveRouter {
  const live = new LiveRouter({ layout: appLayout });
  live
    .liveSession("public", { onMount: [nav(activeTab), notifications()] })
    .live("/", counterLive, "show")
    .live("/notifications", notificationLive(pubSub), "show");

  live
    .liveSession("internal", {
      onMount: [nav(activeTab), logSession("This session logs its events.", writeLine)],
    })
    .live("/status", statusLive(database), "show");
  return live;
}
