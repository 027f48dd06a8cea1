import type { JoinPayload, JoinRefusal } from "@live-session/components/protocol";
import type { ChannelInput } from "../../live/runtime/channel-input.js";
import { flashLifetime, noFlash, toFlash } from "../../live/socket/flash.js";
import type { LiveServices } from "../live-services.js";
import { type JoinToken, verifyJoinToken } from "../page/join-token.js";
import { isCsrfToken } from "../session/csrf.js";
import type { HandshakeSession } from "./handshake-session.js";

/** A join that may go on, or why not. */
export type CheckedJoin = { readonly input: ChannelInput } | { readonly refusal: JoinRefusal };

const stale: CheckedJoin = { refusal: { reason: "stale" } };
const unauthorized: CheckedJoin = { refusal: { reason: "unauthorized" } };
const maxUrlLength = 8192;
/** What the name of a host may have in DNS. */
const maxHostnameLength = 253;

/**
 * Checks a join: the hand-over is ours, unexpired and for this topic; the CSRF token is that of the
 * socket's session; the URL is a route of the hand-over's live session, and of this site's host unless other
 * origins are allowed. Which hooks run is decided by
 * the route alone, never by the browser.
 */
export function checkJoin(
  [joinRef, ref, topic, , payload]: readonly [
    string | null,
    string | null,
    string,
    string,
    unknown,
  ],
  session: HandshakeSession,
  services: LiveServices,
): CheckedJoin {
  const join: Partial<JoinPayload> = isObject(payload) ? payload : {};
  const params = isObject(join.params) ? join.params : {};
  const joinToken = verifyJoinToken(services.signer, join.token, services.options.tokenLifetime);
  if (!joinToken || topic !== `lv:${joinToken.id}`) return stale;
  const csrfToken = toText(params._csrf_token) ?? session.csrfToken;
  if (isProtected(session, joinToken) && !isCsrfToken(session.csrfSecret, csrfToken)) return stale;
  const url = toPageUrl(join.redirect ?? join.url, session, services);
  const match = url && services.router.match(url.pathname, url.search);
  if (!match || match.route.liveSession.name !== joinToken.liveSession) return unauthorized;
  return {
    input: {
      topic,
      joinRef,
      ref,
      id: joinToken.id,
      match,
      url: url.href,
      session: { ...session.data, ...joinToken.session },
      csrfToken: csrfToken ?? "",
      flash: flashOf(join, joinToken, params, services),
      connectParams: params,
      staticChanged: services.statics.haveChanged(joinToken.statics),
      navigations: toCount(params._navigations),
    },
  };
}

/**
 * Whether a CSRF token has something to protect. A drop-in on another site may have no cookies at all, and
 * with them no secret that a token could be of; without data in its session it joins as a stranger. A page of
 * ours that lost its session has to be loaded again.
 */
const isProtected = (session: HandshakeSession, { dropIn }: JoinToken): boolean =>
  session.present && !(dropIn && Object.keys(session.data).length === 0);

/** A navigation brings its own flash; the page's is for its first join only. */
function flashOf(
  join: Partial<JoinPayload>,
  joinToken: JoinToken,
  params: Readonly<Record<string, unknown>>,
  { signer }: LiveServices,
): ChannelInput["flash"] {
  if (join.flash !== undefined) return toFlash(signer.verify("flash", join.flash, flashLifetime));
  const isFirst =
    join.redirect === undefined && !toCount(params._mounts) && !toCount(params._navigations);
  return isFirst ? joinToken.flash : noFlash;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const toText = (value: unknown): string | undefined =>
  typeof value === "string" ? value : undefined;

const toCount = (value: unknown): number =>
  Number.isSafeInteger(value) ? Math.max(0, value as number) : 0;

/**
 * A URL that a browser says its page has; `undefined` when it is none that a page can have, or one of another
 * host while only pages of the own host may join.
 */
export function toPageUrl(
  value: unknown,
  { host }: HandshakeSession,
  { options }: LiveServices,
): URL | undefined {
  if (typeof value !== "string" || value.length > maxUrlLength) return undefined;
  const url = parseUrl(value);
  if (!url || (url.protocol !== "http:" && url.protocol !== "https:")) return undefined;
  if (url.username !== "" || url.password !== "" || url.hostname.length > maxHostnameLength)
    return undefined;
  return options.origins !== "same" || isHostOf(url, host) ? url : undefined;
}

/** The header of a request may name the default port, or have capital letters. */
const isHostOf = (url: URL, host: string): boolean =>
  url.host === host || parseUrl(`${url.protocol}//${host}`)?.host === url.host;

function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
