import type { NestedElement } from "../../live/nested/nested-element.js";
import { nestedRoute } from "../../live/nested/nested-views.js";
import type { Channel, ChannelInput } from "../../live/runtime/channel.js";
import { noFlash } from "../../live/socket/flash.js";
import type { LiveServices } from "../live-services.js";
import { signJoinToken } from "./join-token.js";

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

/** The join of a nested view whose token has been checked. */
export interface NestedJoin
  extends Pick<ChannelInput, "topic" | "joinRef" | "ref" | "id" | "staticChanged" | "visitor"> {
  readonly liveSession: string;
  readonly parentTopic: string;
  readonly connectParams: Readonly<Record<string, unknown>>;
  /** The sealed values of kept assigns. */
  readonly sealed: unknown;
}

/** Returns the input of a nested view's channel; `undefined` if the parent does not show the view. */
export function toNestedInput(
  { parentTopic: _, liveSession, sealed, ...join }: NestedJoin,
  parent: Channel | undefined,
  openKept: (
    sealed: unknown,
    input: Pick<ChannelInput, "match" | "topic" | "visitor">,
  ) => ChannelInput["kept"],
): ChannelInput | undefined {
  const view = parent?.nestedView(join.id);
  if (!parent || !view) return undefined;
  const { match, base, session, csrfToken, nested } = parent.input;
  const { connectParams, navigations, traceparent } = parent.input;
  if (match.route.liveSession.name !== liveSession) return undefined;
  const route = nestedRoute(match.route, view.view);
  const pageSession = nested?.pageSession ?? session;
  const input = {
    ...join,
    match: { route, params: {} },
    url: parent.url,
    base: base ?? "",
    session: { ...pageSession, ...view.session },
    csrfToken,
    flash: noFlash,
    connectParams: { ...connectParams, ...join.connectParams },
    navigations,
    traceparent,
    nested: { view, pageSession },
  };
  return { ...input, kept: openKept(sealed, input) };
}
