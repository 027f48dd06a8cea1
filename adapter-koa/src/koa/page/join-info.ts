import type { FlashMessages } from "@live-session/components/protocol";
import type { Context } from "koa";
import { nanoid } from "nanoid";
import { extraSessionOf } from "../../live/declarations/live-session.js";
import type { Route, RouteMatch } from "../../live/declarations/route.js";
import type { NestedElement } from "../../live/nested/nested-element.js";
import type { ChannelInput } from "../../live/runtime/channel.js";
import type { LiveServices } from "../live-services.js";
import type { RequestPath } from "../request-path.js";
import { csrfToken } from "../session/csrf.js";
import { sessionSnapshot } from "../session/http-session.js";
import { sessionKeyOf } from "../session/session-key.js";
import { signJoinToken } from "./join-token.js";

/** The data that a `<live-session>` element needs to join its view. */
export interface JoinInfo {
  readonly id: string;
  /** The signed join token. */
  readonly token: string;
  readonly csrfToken: string;
  /** The option `path`, where the socket is, such as `/live`. */
  readonly url: string;
  /** The paths of the live session, as the source of a regular expression. */
  readonly routes: string | undefined;
}

/** The properties of a join info that depend on the request. */
export interface JoinInfoInput {
  readonly id: string;
  readonly csrfToken: string;
  /** The extra session data of the live session. */
  readonly session: Readonly<Record<string, unknown>>;
  readonly flash: FlashMessages;
  readonly dropIn: boolean;
  /** See `JoinToken.sessionKey`. */
  readonly sessionKey: string;
  /** The prefix at which visitors see the app. */
  readonly base: string;
  readonly traceparent?: string | undefined;
}

/** Creates a view id that is unique on every page and allowed in an element id and in a topic. */
export const newViewId = (): string => `live-${nanoid(8)}`;

/** Creates the join info of a route. */
export function createJoinInfo(
  { path, liveSession }: Route,
  { id, csrfToken, session, flash, dropIn, sessionKey, base, traceparent }: JoinInfoInput,
  { signer, statics, options, router }: LiveServices,
): JoinInfo {
  const token = signJoinToken(signer, {
    id,
    liveSession: liveSession.name,
    route: path,
    session,
    flash,
    dropIn,
    statics: statics.digest,
    sessionKey,
    traceparent,
  });
  const routes = router.manifestOf(liveSession);
  return {
    id,
    token,
    csrfToken,
    url: base + options.path,
    routes: routes && withPrefix(routes, base),
  };
}

/** Adds a prefix to a regular expression that begins with `^`. */
const withPrefix = (source: string, base: string): string =>
  base === "" ? source : `^${base.replace(/[^\w/]/g, "\\$&")}${source.slice(1)}`;

/** The media type that a page without a server-rendered view asks for to get its join info. */
export const joinInfoType = "application/vnd.live-session+json";

const isAnonymous = (ctx: Context): boolean => Object.keys(sessionSnapshot(ctx)).length === 0;

/** Answers a drop-in's request for its join info. Hooks do not run here; they run when the drop-in joins. */
export async function serveJoinInfo(
  ctx: Context,
  { route }: RouteMatch,
  { base }: RequestPath,
  services: LiveServices,
): Promise<void> {
  const session = await extraSessionOf(route.liveSession, ctx);
  const input = {
    id: newViewId(),
    csrfToken: csrfToken(ctx),
    session,
    flash: {},
    dropIn: true,
    base,
    // Without cookies, the socket has another session, which is as empty as this one.
    sessionKey: isAnonymous(ctx) ? "" : sessionKeyOf(ctx),
  };
  ctx.set("Cache-Control", "no-store");
  ctx.body = JSON.stringify(createJoinInfo(route, input, services));
  ctx.type = joinInfoType;
}

/** The view that contains a nested view: its page, or its join. */
export type NestedParentInput = Pick<
  ChannelInput,
  "id" | "match" | "visitor" | "csrfToken" | "base"
>;

/**
 * Creates the element of a nested view. Its token names the parent, and the join is accepted only while the parent is joined on
 * the same connection and shows the view.
 */
export function toNestedElement(
  id: string,
  { id: parent, match, visitor, csrfToken, base = "" }: NestedParentInput,
  { signer, statics, options }: Pick<LiveServices, "signer" | "statics" | "options">,
): NestedElement {
  const token = signJoinToken(signer, {
    id,
    parent,
    liveSession: match.route.liveSession.name,
    route: match.route.path,
    session: {},
    flash: {},
    dropIn: false,
    statics: statics.digest,
    sessionKey: visitor,
  });
  return { id, token, csrfToken, url: base + options.path };
}
