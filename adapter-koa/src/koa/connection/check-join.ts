import type { JoinPayload, JoinRefusal, Message } from "@live-session/components/protocol";
import { withoutBase } from "../../live/runtime/base-path.js";
import type { ChannelInput } from "../../live/runtime/channel.js";
import { flashLifetime, noFlash, toFlash } from "../../live/socket/flash.js";
import type { LiveServices } from "../live-services.js";
import { type JoinToken, verifyJoinToken } from "../page/join-token.js";
import type { NestedJoin } from "../page/nested-join.js";
import { isCsrfToken } from "../session/csrf.js";
import { keptPlaceOf, openKept } from "../session/kept-state.js";
import type { HandshakeSession } from "./handshake-session.js";
import { toPageUrl } from "./page-url.js";

/** The input of the channel if the join is allowed, the join of a nested view, or the reply that refuses the join. */
export type CheckedJoin =
  | { readonly input: ChannelInput }
  | { readonly nested: NestedJoin }
  | { readonly refusal: JoinRefusal; readonly cause: string };

type Params = Readonly<Record<string, unknown>>;

const stale = (cause: string): CheckedJoin => ({ refusal: { reason: "stale" }, cause });
const unauthorized = (cause: string): CheckedJoin => ({
  refusal: { reason: "unauthorized" },
  cause,
});

/**
 * Checks a join in this order:
 *
 * 1. The join token is signed by us, has not expired and belongs to this topic.
 * 2. The CSRF token and the join token belong to the HTTP session of the handshake.
 * 3. The URL is a route of the token's live session. Its host is the server's own unless other origins are allowed.
 *
 * The route alone decides which hooks run; the browser cannot choose them. For a nested view, the token names its parent
 * instead of a URL: the caller checks that the parent is joined on the same connection and shows the view. That join has had the
 * CSRF token.
 */
export function checkJoin(
  [joinRef, ref, topic, , payload]: Message,
  session: HandshakeSession,
  services: LiveServices,
): CheckedJoin {
  const join: Partial<JoinPayload> = isObject(payload) ? payload : {};
  const params: Params = isObject(join.params) ? join.params : {};
  const joinToken = verifyJoinToken(services.signer, join.token, services.options.tokenLifetime);
  if (!joinToken) return stale("the join token is forged, has expired, or is of another version");
  if (topic !== `lv:${joinToken.id}`) return stale("the join token belongs to another topic");
  const csrfToken = toStringOrNothing(params._csrf_token) ?? session.csrfToken;
  const needsToken = joinToken.parent === undefined && needsCsrfToken(session, joinToken);
  if (needsToken && !isCsrfToken(session.csrfSecret, csrfToken))
    return stale("the CSRF token does not belong to the HTTP session of the socket");
  if (joinToken.sessionKey !== "" && joinToken.sessionKey !== session.key)
    return stale("the join token was issued for another HTTP session");
  if (joinToken.parent !== undefined) {
    return {
      nested: {
        topic,
        joinRef,
        ref,
        id: joinToken.id,
        liveSession: joinToken.liveSession,
        parentTopic: `lv:${joinToken.parent}`,
        connectParams: params,
        staticChanged: services.statics.haveChanged(joinToken.statics),
        visitor: session.key,
        sealed: join.kept,
      },
    };
  }
  const url = toPageUrl(join.redirect ?? join.url, session, services);
  if (!url) return unauthorized("the URL is invalid, or its host is not that of the socket");
  const path = withoutBase(url.pathname, session.base);
  const match = path === undefined ? undefined : services.router.match(path, url.search);
  if (match?.route.liveSession.name !== joinToken.liveSession)
    return unauthorized(`the URL is not a route of the live session "${joinToken.liveSession}"`);
  if (!match.route.liveSession.connect)
    return unauthorized(`the live session "${joinToken.liveSession}" has plain pages only`);
  const { key: visitor } = session;
  const place = keptPlaceOf(match.route, { topic, visitor });
  return {
    input: {
      topic,
      joinRef,
      ref,
      id: joinToken.id,
      match,
      url: url.href,
      base: session.base,
      session: { ...session.data, ...joinToken.session },
      csrfToken: csrfToken ?? "",
      flash: flashOf(join, joinToken, params, services),
      connectParams: params,
      staticChanged: services.statics.haveChanged(joinToken.statics),
      navigations: toCount(params._navigations),
      visitor,
      traceparent: joinToken.traceparent,
      kept: openKept(services.sealer, join.kept, place, join.redirect !== undefined),
    },
  };
}

/**
 * Returns whether the join must have a CSRF token. A drop-in on another site may get no cookies, and then the server has
 * no secret to check a token against. If its session has no data, the drop-in may join as an anonymous visitor. A page
 * of our own that lost its session must be loaded again.
 */
const needsCsrfToken = (session: HandshakeSession, { dropIn }: JoinToken): boolean =>
  session.present && !(dropIn && Object.keys(session.data).length === 0);

/** A live navigation has its own flash; the flash of the page applies only to the page's first join. */
function flashOf(
  join: Partial<JoinPayload>,
  joinToken: JoinToken,
  params: Params,
  { signer }: LiveServices,
): ChannelInput["flash"] {
  if (join.flash !== undefined) return toFlash(signer.verify("flash", join.flash, flashLifetime));
  const isFirst =
    join.redirect === undefined && !toCount(params._mounts) && !toCount(params._navigations);
  return isFirst ? joinToken.flash : noFlash;
}

const isObject = (value: unknown): value is Params =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const toStringOrNothing = (value: unknown): string | undefined =>
  typeof value === "string" ? value : undefined;

const toCount = (value: unknown): number =>
  Number.isSafeInteger(value) ? Math.max(0, value as number) : 0;
