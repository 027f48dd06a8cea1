import { type MatchFunction, match, parse, pathToRegexp, TokenData } from "path-to-regexp";
import { LiveError, quote } from "../live-error.js";
import { type Params, parseQuery } from "../parse-query.js";
import type { LiveSession } from "./live-session.js";
import type { LiveView } from "./live-view.js";

/** A path pattern that leads to a live view. */
export interface Route {
  /** The pattern, in the syntax of path-to-regexp (`/users/:id`), as @koa/router has it. */
  readonly path: string;
  readonly view: LiveView;
  readonly liveAction: string | null;
  readonly liveSession: LiveSession;
}

/** A URL's route with the params found in it. */
export interface RouteMatch {
  readonly route: Route;
  readonly params: Params;
}

/** Longer than this a manifest would weigh more in each page than it saves. */
const maxManifest = 4096;

// As a URL has them: capital letters count, a slash at the end does not.
const matching = { sensitive: true, trailing: true };

/** Routes in the order declared; the first that matches a path wins. */
export class RouteTable {
  readonly #paths = new Set<string>();
  /** The patterns of each live session, and its manifest as long as it holds. */
  readonly #sessions = new Map<
    LiveSession,
    { readonly patterns: TokenData[]; manifest?: string }
  >();
  /** Routes whose path is no pattern are looked up; the patterns declared before them go first. */
  readonly #literal = new Map<string, { readonly route: Route; readonly patternsBefore: number }>();
  readonly #patterns: { route: Route; match: MatchFunction<Record<string, string | string[]>> }[] =
    [];

  /** @throws LiveError `LIVE_ERR_ROUTE` when the pattern is malformed or there already */
  add(route: Route): void {
    const { path, liveSession } = route;
    if (typeof path !== "string" || !path.startsWith("/")) {
      throw new LiveError("LIVE_ERR_ROUTE", "invalid path of a live route", {
        expected: 'a path pattern that starts with "/"',
        gotText: quote(path),
      });
    }
    if (this.#paths.has(path)) {
      throw new LiveError("LIVE_ERR_ROUTE", `the live route ${path} is declared twice`);
    }
    const { patterns } = this.#sessions.get(liveSession) ?? { patterns: [] };
    if (/[:*{}()\\[\]+?!]/.test(path)) {
      const pattern = parsePattern(path);
      this.#patterns.push({ route, match: match(pattern, matching) });
      patterns.push(pattern);
    } else {
      const { pathname } = new URL(path, "http://localhost"); // as a browser sends it: "/caf%C3%A9"
      this.#literal.set(pathname, { route, patternsBefore: this.#patterns.length });
      patterns.push(new TokenData([{ type: "text", value: pathname }]));
    }
    this.#sessions.set(liveSession, { patterns });
    this.#paths.add(path);
  }

  /**
   * The source of a regular expression that matches the encoded paths of a live session's routes, and of
   * none other's. A path that an earlier route of another live session takes may match as well: only
   * {@link match} decides. `undefined` where there are too many routes to tell them in every page.
   */
  manifestOf(liveSession: LiveSession): string | undefined {
    const routes = this.#sessions.get(liveSession);
    if (!routes) return undefined;
    routes.manifest ??= sourceOf(routes.patterns);
    return routes.manifest.length > maxManifest ? undefined : routes.manifest || undefined;
  }

  /**
   * The route of a URL's path and query. A path that cannot be decoded has none.
   *
   * @param search the query with or without its `?`
   */
  match(path: string, search: string): RouteMatch | undefined {
    const query = () =>
      search === "" ? {} : parseQuery(search.startsWith("?") ? search.slice(1) : search);
    const literal = this.#literal.get(path) ?? this.#literal.get(withoutTrailingSlash(path));
    const candidates = literal ? this.#patterns.slice(0, literal.patternsBefore) : this.#patterns;
    for (const { route, match } of candidates) {
      const found = tryMatch(match, path);
      if (found) return { route, params: { ...query(), ...found } };
    }
    return literal && { route: literal.route, params: query() };
  }
}

const withoutTrailingSlash = (path: string): string =>
  path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;

/** Empty when there are more patterns than path-to-regexp puts into one. */
function sourceOf(patterns: TokenData[]): string {
  try {
    return pathToRegexp(patterns, matching).regexp.source;
  } catch {
    return "";
  }
}

function parsePattern(path: string): TokenData {
  try {
    const pattern = parse(path, { encodePath: encodeURI });
    pathToRegexp(pattern, matching); // some mistakes show only here
    return pattern;
  } catch (cause) {
    throw new LiveError("LIVE_ERR_ROUTE", `the live route ${path} is no path pattern`, {
      expected: 'the syntax of path-to-regexp, such as "/users/:id"',
      gotText: quote(path),
      cause,
    });
  }
}

function tryMatch(
  match: MatchFunction<Record<string, string | string[]>>,
  path: string,
): Params | undefined {
  try {
    const found = match(path);
    return found ? { ...found.params } : undefined;
  } catch (error) {
    if (error instanceof TypeError || error instanceof URIError) return undefined;
    throw error;
  }
}
