import type { NestedUse } from "../../live/nested/nested-use.js";
import { type NestedView, nestedRoute } from "../../live/nested/nested-views.js";
import type { Channel, ChannelInput } from "../../live/runtime/channel.js";
import { noFlash } from "../../live/socket/flash.js";

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
  const { match, connectParams } = parent.input;
  if (match.route.liveSession.name !== liveSession) return undefined;
  const input = {
    ...fromParent(parent.input, view, view),
    ...join,
    url: parent.url,
    connectParams: { ...connectParams, ...join.connectParams },
  };
  return { ...input, kept: openKept(sealed, input) };
}

/** Returns the input of a nested view of a page, in the form of a join. */
export const toNestedPage = (use: NestedUse, parent: ChannelInput): ChannelInput => ({
  ...fromParent(parent, use, undefined),
  id: use.id,
  topic: `lv:${use.id}`,
});

/** Returns what a nested view receives from the view that contains it. */
function fromParent(
  parent: ChannelInput,
  { view, session }: Pick<NestedUse, "view" | "session">,
  joined: NestedView | undefined,
): ChannelInput {
  const { pageTopic, pageSession } = parent.nested ?? {
    pageTopic: parent.topic,
    pageSession: parent.session,
  };
  return {
    ...parent,
    match: { route: nestedRoute(parent.match.route, view), params: {} },
    session: { ...pageSession, ...session },
    flash: noFlash,
    kept: undefined,
    nested: { view: joined, pageTopic, pageSession },
  };
}
