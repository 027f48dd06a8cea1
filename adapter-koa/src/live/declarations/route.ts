import type { Params } from "../parse-query.js";
import type { LiveSession } from "./live-session.js";
import type { DeclaredView } from "./live-view.js";

/** A path pattern with its live view. */
export interface Route {
  /** The pattern in the syntax of path-to-regexp, as in @koa/router: `/users/:id`. */
  readonly path: string;
  readonly view: DeclaredView;
  readonly liveAction: string | null;
  readonly liveSession: LiveSession;
}

/** The route of a URL with its params. */
export interface RouteMatch {
  readonly route: Route;
  readonly params: Params;
}
