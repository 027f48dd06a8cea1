import { LiveError, quote } from "../live-error.js";
import { assertLayout, type Layout } from "../socket/layout.js";
import type { LiveView } from "../socket/socket.js";
import {
  implicitName,
  type LiveSession,
  type LiveSessionOptions,
  toLiveSession,
} from "./live-session.js";
import { isLiveView } from "./live-view.js";
import type { FoldData, FoldHooks, Missing, OnMountList, UnprovenHooks } from "./on-mount.js";
import type { PathParams } from "./path-params.js";
import type { WithViewData } from "./provided-data.js";
import type { RouteMatch } from "./route.js";
import { RouteTable } from "./route-table.js";

/** Options of a live router. */
export interface LiveRouterOptions {
  /** The layout of views if neither their live session nor their definition has one. */
  readonly layout?: Layout<never>;
}

/** The hooks of an options type, as a list. */
export type HooksOf<Options> = Options extends { readonly onMount: infer Hooks }
  ? OnMountList<Hooks>
  : readonly [];

/** `unknown` if each hook gets the assigns it needs; otherwise a type that names the missing assigns. */
type ProvenChain<Options> = [BrokenChain<Options>] extends [never]
  ? unknown
  : { readonly onMount: BrokenChain<Options> };
type BrokenChain<Options> = Extract<FoldHooks<HooksOf<Options>>, UnprovenHooks<object>>;

/** `unknown` if the hooks of a live session assign what a view needs; otherwise a type that names the missing assigns. */
export type ProvenView<View, Assigns> =
  View extends LiveView<infer Needs, object>
    ? [Assigns] extends [Needs] // not distributive: each member of the union must satisfy the needs
      ? unknown
      : Missing<Needs, Assigns> extends infer Lacking
        ? {
            readonly "the session's hooks do not provide": { [Key in keyof Lacking]: Lacking[Key] };
          }
        : never
    : never;

/** `unknown` if a path has the params that a view declares; otherwise a type that names the missing params. */
type ProvenPath<View, Path extends string> =
  View extends LiveView<never, never, unknown, unknown, infer Params>
    ? PathParams<Path> extends Params
      ? unknown
      : Missing<Params, PathParams<Path>> extends infer Lacking
        ? { readonly "the path has no params": { [Key in keyof Lacking]: Lacking[Key] } }
        : never
    : never;

/** The data that a view provides to elements. */
type DataOf<View> = View extends { readonly data?: infer Data } ? Data : unknown;

/**
 * The routes of one live session. `Assigns` is what its hooks assign, `Data` is what elements of its pages receive;
 * both exist for the compiler alone.
 */
export interface LiveSessionRoutes<Assigns extends object, Data = unknown> {
  readonly data?: Data;

  /**
   * Adds a route. If several paths match a URL, the first declared route wins.
   *
   * @param path a path pattern, such as `"/users/:id"`
   * @param view a view whose needs the hooks of the live session satisfy
   * @param liveAction distinguishes routes of the same view; see `socket.liveAction`
   * @throws LiveError `LIVE_ERR_ROUTE` when the path, the view or the action is invalid or the path is declared twice
   */
  live<Path extends string, View extends LiveView<never, never>>(
    path: Path,
    view: View & ProvenView<View, Assigns> & ProvenPath<View, Path>,
    liveAction?: string,
  ): LiveSessionRoutes<Assigns, WithViewData<Data, DataOf<View>>>;
}

/** Ready-made pages of a live session, such as a dashboard. */
export interface LiveSessionPages {
  /** The options of the live session, which its own options replace. */
  readonly options: LiveSessionOptions;
  addRoutes(routes: LiveSessionRoutes<Record<never, never>>): void;
}

/**
 * The live sessions and the live routes of an app.
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

  /** @throws LiveError `LIVE_ERR_OPTION` for an unknown option, `LIVE_ERR_LAYOUT` for an invalid layout */
  constructor(options: LiveRouterOptions = {}) {
    const unknown = Object.keys(options).find((key) => key !== "layout");
    if (unknown !== undefined) {
      throw new LiveError("LIVE_ERR_OPTION", `option "${unknown}" of the LiveRouter is unknown`, {
        expected: "layout",
        gotText: quote(unknown),
      });
    }
    assertLayout(options.layout, "layout of the LiveRouter");
    this.layout = options.layout as Layout | undefined;
  }

  /**
   * Declares a live session.
   *
   * @param name unique in the router, and not `"default"`, which is the name of the implicit group
   * @param pages ready-made pages for the live session, such as `dashboard()`
   * @throws LiveError `LIVE_ERR_SESSION_NAME`, `LIVE_ERR_SESSION_OPTION`, `LIVE_ERR_ON_MOUNT`, `LIVE_ERR_LAYOUT`
   */
  liveSession<const Options extends LiveSessionOptions = Record<never, never>>(
    name: string,
    options?: Options & LiveSessionOptions & ProvenChain<Options>,
    pages?: LiveSessionPages,
  ): LiveSessionRoutes<FoldHooks<HooksOf<Options>>, FoldData<HooksOf<Options>>> {
    const liveSession = toLiveSession(name, pages ? { ...pages.options, ...options } : options);
    if (name === implicitName) {
      throw new LiveError("LIVE_ERR_SESSION_NAME", `live session name "${name}" is reserved`, {
        expected: "another name; routes outside of a live session belong to the group of that name",
        gotText: quote(name),
      });
    }
    if (this.#sessions.has(name)) {
      throw new LiveError("LIVE_ERR_SESSION_NAME", `the live session "${name}" is declared twice`);
    }
    this.#sessions.set(name, liveSession);
    pages?.addRoutes(this.#routesOf(liveSession));
    return this.#routesOf(liveSession);
  }

  /** Adds a route outside of a live session. All such routes belong to one group without hooks. */
  live<Path extends string, View extends LiveView<never, never>>(
    path: Path,
    view: View & ProvenView<View, Record<never, never>> & ProvenPath<View, Path>,
    liveAction?: string,
  ): this {
    this.#add(this.#implicit, path, view, liveAction);
    return this;
  }

  /** Returns the route and the params of a path, or `undefined`. */
  match(path: string, search = ""): RouteMatch | undefined {
    return this.#table.match(path, search);
  }

  /** Whether a path belongs to a route, but has a param that cannot be decoded. */
  isMalformed(path: string): boolean {
    return this.#table.isMalformed(path);
  }

  /** Returns a pattern of the live session's paths for its pages; see `RouteTable.manifestOf`. */
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
      const { name } = liveSession;
      throw new LiveError("LIVE_ERR_ROUTE", `view of the route ${path} in "${name}" is invalid`, {
        expected: "a result of liveView(name, definition)",
        got: view,
      });
    }
    if (liveAction !== undefined && typeof liveAction !== "string") {
      throw new LiveError("LIVE_ERR_ROUTE", `live action of the route ${path} is invalid`, {
        expected: "a string",
        gotText: quote(liveAction),
      });
    }
    this.#table.add(Object.freeze({ path, view, liveAction: liveAction ?? null, liveSession }));
  }
}
