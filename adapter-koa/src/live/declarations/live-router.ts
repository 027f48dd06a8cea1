import { LiveError, quote } from "../live-error.js";
import { assertLayout, type Layout } from "./layout.js";
import {
  implicitName,
  type LiveSession,
  type LiveSessionOptions,
  toLiveSession,
} from "./live-session.js";
import { isLiveView, type LiveView } from "./live-view.js";
import type { FoldData, FoldHooks, Missing, OnMountList, UnprovenHooks } from "./on-mount.js";
import type { WithViewData } from "./provided-data.js";
import { type RouteMatch, RouteTable } from "./route.js";

/** Options of a live router. */
export interface LiveRouterOptions {
  /** The layout of every view whose live session and definition name none. */
  readonly layout?: Layout<never>;
}

/** The hooks an options type declares, as a list. */
export type HooksOf<Options> = Options extends { readonly onMount: infer Hooks }
  ? OnMountList<Hooks>
  : readonly [];

/** `unknown` where each hook gets what it needs; otherwise a type that names what is missing. */
type ProvenChain<Options> = [BrokenChain<Options>] extends [never]
  ? unknown
  : { readonly onMount: BrokenChain<Options> };
type BrokenChain<Options> = Extract<FoldHooks<HooksOf<Options>>, UnprovenHooks<object>>;

/** `unknown` where a live session's hooks provide what a view needs; otherwise what is missing. */
export type ProvenView<View, Assigns> =
  View extends LiveView<infer Needs, object>
    ? [Assigns] extends [Needs] // as a whole: each of what a hook may assign has to do
      ? unknown
      : { readonly "the session's hooks do not provide": Missing<Needs, Assigns> }
    : never;

/** What elements get of a view. */
type DataOf<View> = View extends { readonly data?: infer Data } ? Data : unknown;

/**
 * The routes of one live session. `Assigns` is what its hooks assign, `Data` what its pages' elements
 * get; both exist for the compiler alone.
 */
export interface LiveSessionRoutes<Assigns extends object, Data = unknown> {
  readonly data?: Data;

  /**
   * Routes a path to a view. Where several paths match a URL, the one declared first wins.
   *
   * @param path a path pattern, `"/users/:id"`
   * @param view a view whose needs the live session's hooks provide
   * @param liveAction tells routes of one view apart, as `socket.liveAction`
   * @throws LiveError `LIVE_ERR_ROUTE` when path, view or action is invalid or the path is taken
   */
  live<View extends LiveView<never, never>>(
    path: string,
    view: View & ProvenView<View, Assigns>,
    liveAction?: string,
  ): LiveSessionRoutes<Assigns, WithViewData<Data, DataOf<View>>>;
}

/**
 * The map of an app's live sessions and routes.
 *
 * @example
 * const router = new LiveRouter({ layout: appLayout });
 * router
 *   .liveSession("current_user", { onMount: [mountCurrentUser, nav(activeTab)] })
 *   .live("/mount-a", mountLive, "mount_a")
 *   .live("/mount-b", mountLive, "mount_b");
 */
export class LiveRouter {
  readonly layout: Layout | undefined;
  readonly #table = new RouteTable();
  readonly #sessions = new Map<string, LiveSession>();
  readonly #implicit = toLiveSession(implicitName);

  constructor(options: LiveRouterOptions = {}) {
    assertLayout(options.layout, "layout of the LiveRouter");
    this.layout = options.layout as Layout | undefined;
  }

  /**
   * Declares a live session.
   *
   * @param name unique in the router; `"default"` is the name of the implicit group and refused
   * @throws LiveError `LIVE_ERR_SESSION_NAME`, `LIVE_ERR_SESSION_OPTION`, `LIVE_ERR_ON_MOUNT`,
   *   `LIVE_ERR_LAYOUT`
   */
  liveSession<const Options extends LiveSessionOptions = Record<never, never>>(
    name: string,
    options?: Options & LiveSessionOptions & ProvenChain<Options>,
  ): LiveSessionRoutes<FoldHooks<HooksOf<Options>>, FoldData<HooksOf<Options>>> {
    const liveSession = toLiveSession(name, options);
    if (name === implicitName) {
      throw new LiveError(
        "LIVE_ERR_SESSION_NAME",
        `the live session name "${implicitName}" is reserved`,
        {
          expected: "another name; routes outside every live session form the group of that name",
          gotText: quote(name),
        },
      );
    }
    if (this.#sessions.has(name)) {
      throw new LiveError("LIVE_ERR_SESSION_NAME", `the live session "${name}" is declared twice`);
    }
    this.#sessions.set(name, liveSession);
    return this.#routesOf(liveSession);
  }

  /** Routes a path outside every live session: such routes form one group without hooks. */
  live<View extends LiveView<never, never>>(
    path: string,
    view: View & ProvenView<View, Record<never, never>>,
    liveAction?: string,
  ): this {
    this.#add(this.#implicit, path, view, liveAction);
    return this;
  }

  /** The route and params of a path, or `undefined`. */
  match(path: string, search = ""): RouteMatch | undefined {
    return this.#table.match(path, search);
  }

  /** What a page may know of its live session's routes; see `RouteTable.manifestOf`. */
  manifestOf(liveSession: LiveSession): string | undefined {
    return this.#table.manifestOf(liveSession);
  }

  #routesOf<Assigns extends object, Data>(
    liveSession: LiveSession,
  ): LiveSessionRoutes<Assigns, Data> {
    const routes: LiveSessionRoutes<Assigns, never> = {
      live: (path, view, liveAction) => {
        this.#add(liveSession, path, view, liveAction);
        return routes as never;
      },
    };
    return routes as never;
  }

  #add(
    liveSession: LiveSession,
    path: string,
    view: unknown,
    liveAction: string | undefined,
  ): void {
    if (!isLiveView(view)) {
      throw new LiveError(
        "LIVE_ERR_ROUTE",
        `the route ${path} in "${liveSession.name}" leads to no view`,
        {
          expected: "what liveView(name, definition) returns",
          got: view,
        },
      );
    }
    if (liveAction !== undefined && typeof liveAction !== "string") {
      throw new LiveError("LIVE_ERR_ROUTE", `invalid live action of the route ${path}`, {
        expected: "a text",
        gotText: quote(liveAction),
      });
    }
    this.#table.add(Object.freeze({ path, view, liveAction: liveAction ?? null, liveSession }));
  }
}
