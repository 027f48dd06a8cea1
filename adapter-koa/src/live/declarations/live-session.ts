import { firstNonJson } from "../json.js";
import { LiveError, quote } from "../live-error.js";
import { assertLayout, type Layout } from "./layout.js";
import { type AnyOnMount, toOnMountList } from "./on-mount.js";
import type { PageContext, PageMiddleware } from "./page-context.js";
import type { RootLayout } from "./root-layout.js";

/** The name of the group that routes outside every live session form. */
export const implicitName = "default";

/** JSON data that a live session signs into its pages, or a function of the request that makes it. */
export type ExtraSession =
  | Readonly<Record<string, unknown>>
  | ((
      ctx: PageContext,
    ) => Readonly<Record<string, unknown>> | Promise<Readonly<Record<string, unknown>>>);

/** The options of a live session. */
export interface LiveSessionOptions {
  /** Hooks that run before every view of the group, in order. */
  readonly onMount?: AnyOnMount | readonly AnyOnMount[];
  /** Takes the place of the layout a view names for itself; `false` for none. */
  readonly layout?: Layout<never> | false;
  /** The document around the page; `false` for none at all. */
  readonly rootLayout?: RootLayout | false;
  /** Extra session data for hooks and views. It is signed, not encrypted: no secrets. */
  readonly session?: ExtraSession;
  /** Middleware that runs before the disconnected mount, such as a login check. */
  readonly use?: PageMiddleware | readonly PageMiddleware[];
}

/** A group of live routes: navigation inside it keeps the connection, across it loads the page. */
export interface LiveSession {
  readonly name: string;
  readonly onMount: readonly AnyOnMount[];
  readonly layout: Layout | false | undefined;
  readonly rootLayout: RootLayout | false | undefined;
  readonly session: ExtraSession;
  readonly use: readonly PageMiddleware[];
}

const optionNames = ["onMount", "layout", "rootLayout", "session", "use"];

/**
 * Checks a live session's declaration.
 *
 * @throws LiveError `LIVE_ERR_SESSION_NAME`, `LIVE_ERR_SESSION_OPTION`, `LIVE_ERR_ON_MOUNT` or
 *   `LIVE_ERR_LAYOUT`, naming the live session and what is wrong with it
 */
export function toLiveSession(name: string, options: unknown = {}): LiveSession {
  if (typeof name !== "string" || name === "") {
    throw new LiveError(
      "LIVE_ERR_SESSION_NAME",
      "expected live session name to be a non-empty text",
      {
        got: name,
      },
    );
  }
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new LiveError(
      "LIVE_ERR_SESSION_OPTION",
      `invalid options of the live session "${name}"`,
      {
        expected: "an object of options",
        got: options,
      },
    );
  }
  for (const key of Object.keys(options)) {
    if (!optionNames.includes(key)) {
      throw new LiveError(
        "LIVE_ERR_SESSION_OPTION",
        `unknown live session option "${key}" in "${name}"`,
        {
          expected: optionNames.join(", "),
          gotText: quote(key),
        },
      );
    }
  }
  const { onMount, layout, rootLayout, session = {}, use } = options as LiveSessionOptions;
  assertSessionData(name, session);
  assertLayout(layout, `live session layout in "${name}"`);
  assertLayout(rootLayout, `live session rootLayout in "${name}"`);
  return Object.freeze({
    name,
    onMount: toOnMountList(onMount, `the live session "${name}"`),
    layout: layout as Layout | false | undefined,
    rootLayout,
    session,
    use: checkedMiddleware(name, use),
  });
}

function assertSessionData(name: string, session: unknown): void {
  if (typeof session === "function") return;
  if (typeof session === "object" && session !== null && !Array.isArray(session)) return;
  throw new LiveError("LIVE_ERR_SESSION_OPTION", `invalid live session session in "${name}"`, {
    expected: "an object, or a function of the request's context that returns one",
    got: session,
  });
}

function checkedMiddleware(name: string, use: unknown): readonly PageMiddleware[] {
  const list = use === undefined ? [] : Array.isArray(use) ? [...use] : [use];
  for (const middleware of list) {
    if (typeof middleware !== "function") {
      throw new LiveError("LIVE_ERR_SESSION_OPTION", `invalid live session use in "${name}"`, {
        expected: "a middleware, or a list of them",
        got: middleware,
      });
    }
  }
  return list;
}

/**
 * The extra session data of one request.
 *
 * @throws LiveError `LIVE_ERR_SESSION_DATA` when it is no object of JSON values
 */
export async function extraSessionOf(
  liveSession: LiveSession,
  ctx: PageContext,
): Promise<Readonly<Record<string, unknown>>> {
  const { name, session } = liveSession;
  const data: unknown = typeof session === "function" ? await session(ctx) : session;
  if (typeof data !== "object" || data === null || Array.isArray(data) || hasSymbolKeys(data)) {
    throw new LiveError("LIVE_ERR_SESSION_DATA", `session data of the live session "${name}"`, {
      expected: "an object with text keys and JSON values",
      got: data,
    });
  }
  const path = firstNonJson(data);
  if (path !== undefined) {
    throw new LiveError(
      "LIVE_ERR_SESSION_DATA",
      `session data of the live session "${name}" at ${path}`,
      {
        expected: "a value that JSON can carry",
      },
    );
  }
  return data as Readonly<Record<string, unknown>>;
}

const hasSymbolKeys = (value: object): boolean => Object.getOwnPropertySymbols(value).length > 0;
