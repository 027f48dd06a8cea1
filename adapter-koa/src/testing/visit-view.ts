import { randomBytes } from "node:crypto";
import Koa from "koa";
import { createLive } from "../koa/live.js";
import { type HooksOf, LiveRouter, type ProvenView } from "../live/declarations/live-router.js";
import type { LiveSessionOptions } from "../live/declarations/live-session.js";
import { isLiveView } from "../live/declarations/live-view.js";
import type { FoldHooks } from "../live/declarations/on-mount.js";
import type { LiveView } from "../live/socket/socket.js";
import type { VisitOptions } from "./browser/tab.js";
import { failure } from "./failure.js";
import type { Page } from "./page/page.js";
import { visit } from "./visit.js";

/** Options of {@link visitView}. */
export interface VisitViewOptions
  extends VisitOptions,
    Pick<LiveSessionOptions, "onMount" | "layout"> {
  /** The `session` of hooks and `mount`: string keys and JSON values. */
  readonly session?: Readonly<Record<string, unknown>>;
}

/**
 * Visits a view without an app or a route. `options.onMount` takes the place of the live session's hooks and must
 * provide the assigns that the view needs.
 *
 * @throws AssertionError (as rejection) for a view with `handleParams`, which needs a route
 * @throws LiveError (as rejection) `LIVE_ERR_SESSION_DATA` for session data that JSON cannot represent
 */
export async function visitView<
  View extends LiveView<never, never>,
  const Options extends VisitViewOptions = Record<never, never>,
>(
  view: View & ProvenView<View, FoldHooks<HooksOf<Options>>>,
  options?: Options & VisitViewOptions,
): Promise<Page> {
  const { session, onMount, layout, ...visitOptions }: VisitViewOptions = options ?? {};
  const visited: LiveView<never, never> = view;
  if (isLiveView(view) && view.definition.handleParams) {
    throw failure(`${visited.name} has handleParams, so it cannot be visited without a route`, {
      expected: "visit(app, path)",
    });
  }
  const router = new LiveRouter();
  router
    .liveSession("visited", {
      ...(session && { session }),
      ...(onMount && { onMount }),
      ...(layout !== undefined && { layout }),
    })
    .live("/", visited as LiveView<object, object>);
  const live = createLive(router, { secret: randomBytes(32).toString("hex") });
  const app = new Koa();
  const httpSession = {};
  app.use((ctx, next) => {
    Object.assign(ctx, { session: httpSession });
    return next();
  });
  app.use(live.middleware());
  return visit(app, "/", visitOptions);
}
