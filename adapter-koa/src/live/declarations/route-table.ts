import { type MatchFunction, match, parse, pathToRegexp, TokenData } from "path-to-regexp";
import { LiveError, quote } from "../live-error.js";
import { type Params, parseQuery } from "../parse-query.js";
import type { LiveSession } from "./live-session.js";
import type { Route, RouteMatch } from "./route.js";

/** The maximum length of a manifest. A longer one would add more to each page than it saves. */
const maxManifest = 4096;

// Like in URLs, the case of letters matters. A trailing slash is ignored.
const matching = { sensitive: true, trailing: true };

/** The routes in declaration order. The first route that matches a path wins. */
export class RouteTable {
  readonly #paths = new Set<string>();
  /** The patterns of each live session, and its manifest, which a new route invalidates. */
  readonly #sessions = new Map<
    LiveSession,
    { readonly patterns: TokenData[]; manifest?: string }
  >();
  /** The routes whose path has no params, for a lookup by path. Patterns declared before such a route come first. */
  readonly #literal = new Map<string, { readonly route: Route; readonly patternsBefore: number }>();
  readonly #patterns: { route: Route; match: MatchFunction<Record<string, string | string[]>> }[] =
    [];

  /** @throws LiveError `LIVE_ERR_ROUTE` when the pattern is malformed or declared twice */
  add(route: Route): void {
    const { path, liveSession } = route;
    if (typeof path !== "string" || !path.startsWith("/")) {
      throw new LiveError("LIVE_ERR_ROUTE", "path of a live route is invalid", {
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
      const { pathname } = new URL(path, "http://localhost"); // encoded as a browser sends it: "/caf%C3%A9"
      this.#literal.set(normalizeEncoding(pathname), {
        route,
        patternsBefore: this.#patterns.length,
      });
      patterns.push(new TokenData([{ type: "text", value: pathname }]));
    }
    this.#sessions.set(liveSession, { patterns });
    this.#paths.add(path);
  }

  /**
   * Returns the source of a regular expression that matches the encoded paths of a live session's routes. It may also
   * match a path that belongs to an earlier route of another live session; only {@link match} decides. Returns
   * `undefined` if the expression is too long to be part of every page.
   */
  manifestOf(liveSession: LiveSession): string | undefined {
    const routes = this.#sessions.get(liveSession);
    if (!routes) return undefined;
    routes.manifest ??= sourceOf(routes.patterns);
    return routes.manifest.length > maxManifest ? undefined : routes.manifest || undefined;
  }

  /** Whether a path belongs to a route, but has a param that cannot be decoded, such as `/users/%zz`. */
  isMalformed(encodedPath: string): boolean {
    if (!encodedPath.includes("%")) return false;
    const path = normalizeEncoding(encodedPath);
    return this.#patterns.some(({ match }) => tryMatch(match, path) === null);
  }

  /**
   * Returns the route of a URL's path and query, or `undefined`, for example for a path that cannot be decoded.
   *
   * @param search the query, with or without `?`
   */
  match(encodedPath: string, search: string): RouteMatch | undefined {
    const path = normalizeEncoding(encodedPath);
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

/** Returns the normal form of equivalent percent encodings (RFC 3986, 6.2.2): `/caf%c3%a9` and `/%61` are two of them. */
const normalizeEncoding = (path: string): string =>
  path.replace(/%[\da-f]{2}/gi, (encoded) => {
    const character = String.fromCharCode(Number.parseInt(encoded.slice(1), 16));
    return /[\w.~-]/.test(character) ? character : encoded.toUpperCase();
  });

const withoutTrailingSlash = (path: string): string =>
  path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;

/** Returns an empty string if there are more patterns than path-to-regexp can combine. */
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
    pathToRegexp(pattern, matching); // finds mistakes that parse does not find
    return pattern;
  } catch (cause) {
    throw new LiveError("LIVE_ERR_ROUTE", `path of the live route ${path} is invalid`, {
      expected: 'the syntax of path-to-regexp, such as "/users/:id"',
      gotText: quote(path),
      cause,
    });
  }
}

/** Returns the params of a path; `null` if one of them cannot be decoded. */
function tryMatch(
  match: MatchFunction<Record<string, string | string[]>>,
  path: string,
): Params | null | undefined {
  try {
    const found = match(path);
    return found ? { ...found.params } : undefined;
  } catch (error) {
    if (error instanceof TypeError || error instanceof URIError) return null;
    throw error;
  }
}
