import type { FlashMessages, Message } from "@live-session/components/protocol";
import type { SentTemplates } from "../../render/sent-templates.js";
import type { LiveRouter } from "../declarations/live-router.js";
import type { RouteMatch } from "../declarations/route.js";
import type { PubSub } from "./pub-sub.js";
import type { EndedTask } from "./tasks.js";

/** The connection a channel sends through; the transport implements it. */
export interface Outbox {
  send(message: Message): void;
  /** Whether the connection takes more. While it does not, nothing is rendered for it. */
  readonly writable: boolean;
  /** Calls back once when the connection takes more again. */
  onDrain(listener: () => void): void;
  /** Ends the connection because a limit was passed. */
  overflow(what: string): void;
  readonly sentTemplates: SentTemplates;
}

/** What channels of one server share. */
export interface ChannelServices {
  readonly router: LiveRouter;
  /** Its subscribers and the ends of its subscriptions do not throw. */
  readonly pubSub: PubSub;
  /** Signs flash messages that travel through the browser. */
  readonly signFlash: (flash: FlashMessages) => string;
  /** Takes what a view threw. */
  readonly onError: (error: unknown, topic: string) => void;
  /** Messages that may wait for one view. */
  readonly maxMailbox: number;
  /** Bytes that the payload of a browser's frame may have. */
  readonly maxPayload: number;
}

/** A verified join. */
export interface ChannelInput {
  readonly topic: string;
  readonly joinRef: string | null;
  readonly ref: string | null;
  readonly id: string;
  readonly match: RouteMatch;
  readonly url: string;
  readonly session: Readonly<Record<string, unknown>>;
  readonly csrfToken: string;
  readonly flash: FlashMessages;
  readonly connectParams: Readonly<Record<string, unknown>>;
  /** Whether the page has loaded static files that are out of date. */
  readonly staticChanged: boolean;
  readonly navigations: number;
}

/** What a frame of the browser brought; `bytes` is its size. */
export type FrameItem = { readonly ref: string | null; readonly bytes: number } & (
  | { readonly type: "event"; readonly event: string; readonly payload: unknown }
  | { readonly type: "patch"; readonly url: string }
);

/** What a connected view handles, one at a time. */
export type ChannelItem =
  | FrameItem
  | { readonly type: "info"; readonly message: unknown }
  | { readonly type: "async"; readonly task: EndedTask };
