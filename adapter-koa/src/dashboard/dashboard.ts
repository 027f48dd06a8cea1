import type { LiveSessionPages } from "../live/declarations/live-router.js";
import { LiveError, quote } from "../live/live-error.js";
import { LocalPubSub, type PubSub } from "../live/runtime/pub-sub.js";
import { dashboardLive, type ShownPresence } from "./dashboard-live.js";
import { dashboardDocument } from "./document.js";
import { Reports } from "./reports.js";
import { viewLive } from "./view-live.js";

/** Options of {@link dashboard}. */
export interface DashboardOptions {
  /** The path of the dashboard; `/dashboard` by default. */
  readonly path?: string;
  /** Connects the processes, usually the PubSub of `createLive`; only this process by default. */
  readonly pubSub?: PubSub;
  /** The presences to show. */
  readonly presences?: readonly ShownPresence[];
  /** Milliseconds between two reports; 2,000 by default. */
  readonly interval?: number;
  /** The duration of a slow operation, in milliseconds; 100 by default. */
  readonly slow?: number;
}

/**
 * Creates the pages of a dashboard for a live session: what the views of all processes do. It shows names, numbers and
 * shapes of assigns, never their values. The hooks of the live session decide who may see it. Call it before the app listens,
 * because it counts from then on.
 *
 * @example
 * router.liveSession("dashboard", { onMount: [ensureAdmin] }, dashboard({ path: "/admin/live", pubSub }));
 *
 * @throws LiveError `LIVE_ERR_OPTION` when the path is invalid
 */
export function dashboard({
  path = "/dashboard",
  pubSub = new LocalPubSub(),
  presences = [],
  interval = 2000,
  slow = 100,
}: DashboardOptions = {}): LiveSessionPages {
  if (!/^\/.*[^/]$/.test(path)) {
    throw new LiveError("LIVE_ERR_OPTION", 'the option "path" of dashboard is invalid', {
      expected: 'a path such as "/dashboard"',
      gotText: quote(path),
    });
  }
  const reports = new Reports(pubSub, { topic: "live:dashboard", interval, slow });
  return {
    options: { layout: false, rootLayout: dashboardDocument },
    addRoutes: (routes) => {
      routes.live(path, dashboardLive(reports, { presences, path }));
      routes.live(`${path}/views/:id`, viewLive(reports, path));
    },
  };
}
