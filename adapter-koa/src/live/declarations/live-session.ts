import { firstNonJson } from "../json.js";
import { LiveError, quote } from "../live-error.js";
import { assertLayout, type Layout } from "../socket/layout.js";
import { type AnyOnMount, toOnMountList } from "./on-mount.js";
import type { PageContext, PageMiddleware } from "./page-context.js";
import type { RootLayout } from "./root-layout.js";

/** The name of the group of all routes outside of a live session. */
export const implicitName = "default";

/** JSON data that a live session signs into its pages, or a function that returns it for a request. */
export type ExtraSession = Readonly<Record<string, unknown>> | SessionFunction["run"];

/** Declared as a method, so that a function of a more specific context is accepted, as for `use`. */
interface SessionFunction {
  run(
    ctx: PageContext,
  ): Readonly<Record<string, unknown>> | Promise<Readonly<Record<string, unknown>>>;
}

/** The options of a live session. */
export interface LiveSessionOptions {
  /** Hooks that run before every view of the live session, in order. */
  readonly onMount?: AnyOnMount | readonly AnyOnMount[];
  /** Replaces the layout of the views; `false` for none. */
  readonly layout?: Layout<never> | false;
  /** The document around the page; `false` for none. */
  readonly rootLayout?: RootLayout | false;
  /** Extra session data for hooks and views. It is signed, but not encrypted, so it must not contain secrets. */
  readonly session?: ExtraSession;
  /** Middleware that runs before the disconnected mount, such as a login check. */
  readonly use?: PageMiddleware | readonly PageMiddleware[];
  /**
   * Whether the join of a page takes over the view that the page was rendered with, so that hooks, `mount` and
   * `handleParams` run once for both; `false` by default. Subscriptions and tasks start with the page; `connected` runs
   * at the join. If the view is no longer there, the join mounts another one.
   */
  readonly adopt?: boolean;
  /**
   * Whether the browser connects to the views; true by default. If false, the pages are plain HTML, whose forms and links
   * load pages: hooks and views run once for each request.
   */
  readonly connect?: boolean;
}

/**
 * A group of live routes. Navigation within the group keeps the connection; navigation to other pages is a page load.
 */
export interface LiveSession {
  readonly name: string;
  readonly onMount: readonly AnyOnMount[];
  readonly layout: Layout | false | undefined;
  readonly rootLayout: RootLayout | false | undefined;
  readonly session: ExtraSession;
  readonly use: readonly PageMiddleware[];
  readonly adopt: boolean;
  readonly connect: boolean;
}

const optionNames = ["onMount", "layout", "rootLayout", "session", "use", "adopt", "connect"];

/**
 * Checks the declaration of a live session.
 *
 * @throws LiveError `LIVE_ERR_SESSION_NAME`, `LIVE_ERR_SESSION_OPTION`, `LIVE_ERR_ON_MOUNT` or
 *   `LIVE_ERR_LAYOUT`, with the name of the live session and of the option
 */
export function toLiveSession(name: string, options: unknown = {}): LiveSession {
  if (typeof name !== "string" || name === "") {
    throw new LiveError("LIVE_ERR_SESSION_NAME", "live session name is invalid", {
      expected: "a non-empty string",
      got: name,
    });
  }
  const {
    onMount,
    layout,
    rootLayout,
    session = {},
    use,
    adopt = false,
    connect = true,
  } = checkedOptions(name, options);
  assertSessionData(name, session);
  assertBoolean(name, "adopt", adopt);
  assertBoolean(name, "connect", connect);
  assertLayout(layout, `layout of the live session "${name}"`);
  assertLayout(rootLayout, `rootLayout of the live session "${name}"`);
  return Object.freeze({
    name,
    onMount: toOnMountList(onMount, `the live session "${name}"`),
    layout: layout as Layout | false | undefined,
    rootLayout,
    session,
    use: checkedMiddleware(name, use),
    // No join would take over the view of a plain page.
    adopt: adopt && connect,
    connect,
  });
}

function checkedOptions(name: string, options: unknown): LiveSessionOptions {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new LiveError(
      "LIVE_ERR_SESSION_OPTION",
      `options of the live session "${name}" are invalid`,
      {
        expected: "an object",
        got: options,
      },
    );
  }
  const unknown = Object.keys(options).find((key) => !optionNames.includes(key));
  if (unknown === undefined) return options;
  throw new LiveError(
    "LIVE_ERR_SESSION_OPTION",
    `option "${unknown}" of the live session "${name}" is unknown`,
    { expected: optionNames.join(", "), gotText: quote(unknown) },
  );
}

function assertSessionData(name: string, session: unknown): void {
  if (typeof session === "function") return;
  if (typeof session === "object" && session !== null && !Array.isArray(session)) return;
  throw new LiveError(
    "LIVE_ERR_SESSION_OPTION",
    `option "session" of the live session "${name}" is invalid`,
    {
      expected: "an object, or a function that takes the request's context and returns one",
      got: session,
    },
  );
}

function assertBoolean(name: string, option: string, value: unknown): void {
  if (typeof value === "boolean") return;
  throw new LiveError(
    "LIVE_ERR_SESSION_OPTION",
    `option "${option}" of the live session "${name}" is invalid`,
    { expected: "a boolean", got: value },
  );
}

function checkedMiddleware(name: string, use: unknown): readonly PageMiddleware[] {
  const list = use === undefined ? [] : Array.isArray(use) ? [...use] : [use];
  for (const middleware of list) {
    if (typeof middleware !== "function") {
      throw new LiveError(
        "LIVE_ERR_SESSION_OPTION",
        `option "use" of the live session "${name}" is invalid`,
        { expected: "a middleware, or a list of them", got: middleware },
      );
    }
  }
  return list;
}

/**
 * Returns the extra session data for a request.
 *
 * @throws LiveError `LIVE_ERR_SESSION_DATA` when the data is not an object of JSON values
 */
export async function extraSessionOf(
  liveSession: LiveSession,
  ctx: PageContext,
): Promise<Readonly<Record<string, unknown>>> {
  const { name, session } = liveSession;
  const data: unknown = typeof session === "function" ? await session(ctx) : session;
  if (typeof data !== "object" || data === null || Array.isArray(data) || hasSymbolKeys(data)) {
    throw new LiveError(
      "LIVE_ERR_SESSION_DATA",
      `session data of the live session "${name}" is invalid`,
      {
        expected: "an object with string keys and JSON values",
        got: data,
      },
    );
  }
  const path = firstNonJson(data);
  if (path !== undefined) {
    throw new LiveError(
      "LIVE_ERR_SESSION_DATA",
      `session data of the live session "${name}" is not JSON at ${path}`,
      { expected: "a JSON value" },
    );
  }
  return data as Readonly<Record<string, unknown>>;
}

const hasSymbolKeys = (value: object): boolean => Object.getOwnPropertySymbols(value).length > 0;
