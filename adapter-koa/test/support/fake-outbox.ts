import { EventEmitter, once } from "node:events";
import type { EventReply, JoinReply, Message, Update } from "@live-session/components/protocol";
import { LiveRouter } from "../../src/live/declarations/live-router.js";
import type { LiveSessionOptions } from "../../src/live/declarations/live-session.js";
import { IdleViews } from "../../src/live/hibernation/idle-views.js";
import type { ChannelInput, ChannelListener } from "../../src/live/runtime/channel.js";
import { Channel } from "../../src/live/runtime/channel.js";
import type { Outbox } from "../../src/live/runtime/outbox.js";
import { LocalPubSub } from "../../src/live/runtime/pub-sub.js";
import { ReportingPubSub } from "../../src/live/runtime/reporting-pub-sub.js";
import type { KeptValues } from "../../src/live/socket/kept-assigns.js";
import type { LiveView } from "../../src/live/socket/socket.js";
import { UploadStore } from "../../src/live/uploads/upload-store.js";
import { SentTemplates } from "../../src/render/sent-templates.js";

/** A connection that records the sent frames, and can be made slow. */
export class FakeOutbox implements Outbox {
  readonly sentTemplates = new SentTemplates();
  readonly sent: Message[] = [];
  readonly overflows: string[] = [];
  writable = true;
  sentBytes = 0;
  readonly #listeners: (() => void)[] = [];
  readonly #sends = new EventEmitter();

  send(frame: string): void {
    this.sentBytes += frame.length;
    this.sent.push(JSON.parse(frame));
    this.#sends.emit("sent");
  }

  onDrain(listener: () => void): void {
    this.#listeners.push(listener);
  }

  overflow(what: string): void {
    this.overflows.push(what);
    this.#sends.emit("sent");
  }

  /** The number of listeners that wait for the drain. */
  get waiting(): number {
    return this.#listeners.length;
  }

  drain(): void {
    this.writable = true;
    for (const listener of this.#listeners.splice(0)) listener();
  }

  /** Waits until a condition is true. It is checked after each frame. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await once(this.#sends, "sent");
  }

  /** Waits for the next frame. */
  async next(): Promise<Message> {
    const { length } = this.sent;
    await this.until(() => this.sent.length > length);
    return this.sent[length] as Message;
  }
}

const uploadLimits = {
  uploadBytes: 1e6,
  uploadVisitorBytes: 1e6,
  uploadRate: 1e9,
  uploadResumeTime: 60_000,
};

/** The options of a channel in a test. */
export interface ChannelSetup extends Partial<Omit<ChannelInput, "match">> {
  readonly options?: LiveSessionOptions;
  readonly maxMailbox?: number;
  readonly pubSub?: LocalPubSub;
  readonly outbox?: FakeOutbox;
  /** Puts the view to sleep; by default it never sleeps. */
  readonly idleViews?: IdleViews;
  /** Adds routes to the router. */
  readonly routes?: (router: LiveRouter) => void;
  readonly search?: string;
}

/** A channel and the objects that it uses. */
export interface OpenChannel {
  readonly channel: Channel;
  readonly outbox: FakeOutbox;
  readonly errors: unknown[];
  readonly ended: Channel[];
  readonly pubSub: LocalPubSub;
  readonly joined: Promise<void>;
}

/** Opens a channel for a view at `/view` (and `/other`), and starts its join. */
export function openChannel(view: LiveView<never, never>, setup: ChannelSetup = {}): OpenChannel {
  const { options = {}, maxMailbox = 100, routes, search = "", ...given } = setup;
  const { pubSub = new LocalPubSub(), outbox = new FakeOutbox(), idleViews, ...input } = given;
  const router = new LiveRouter();
  const any = view as LiveView;
  router.liveSession("tested", options).live("/view", any, "show").live("/other", any, "other");
  routes?.(router);
  const match = router.match("/view", search);
  if (!match) throw new Error("the route is missing");
  const errors: unknown[] = [];
  const ended: Channel[] = [];
  const full: ChannelInput = {
    topic: "lv:1",
    joinRef: "1",
    ref: "1",
    id: "1",
    match,
    url: `http://localhost/view${search}`,
    session: {},
    csrfToken: "csrf",
    flash: {},
    connectParams: {},
    staticChanged: false,
    navigations: 0,
    visitor: "",
    kept: undefined,
    ...input,
  };
  const onError = (error: unknown) => errors.push(error);
  const services = {
    router,
    pubSub: new ReportingPubSub(pubSub, onError),
    uploads: new UploadStore(uploadLimits),
    idleViews: idleViews ?? new IdleViews(0, onError),
    maxMailbox,
    maxPayload: 65_000,
    leaving: { messages: 10, ms: 60_000 },
    sealKept: (values: KeptValues) => ({ sealed: JSON.stringify(values) }),
    nestedElement: (id: string) => ({ id, token: `signed:${id}`, csrfToken: "", url: "/live" }),
    signFlash: (flash: object) => `signed:${JSON.stringify(flash)}`,
    onError,
  };
  const listener: ChannelListener = {
    handleLeft: () => {},
    handleEnded: (channel) => ended.push(channel),
  };
  const channel = new Channel(full, services, outbox, listener);
  return { channel, outbox, errors, ended, pubSub, joined: channel.join(full) };
}

/** Opens a channel and waits for the reply to its join, which is removed from the sent frames. */
export async function joinedChannel(view: LiveView<never, never>, setup: ChannelSetup = {}) {
  const open = openChannel(view, setup);
  await open.joined;
  const [reply] = open.outbox.sent.splice(0) as [Message];
  return { ...open, reply: (reply[4] as { response: JoinReply }).response };
}

/** Returns the ref, the event, the status and the response of a reply. */
export function replyOf([, ref, , event, payload]: Message): {
  ref: string | null;
  event: string;
  status: string;
  response: EventReply & Update & { reason?: string };
} {
  return { ref, event, ...(payload as { status: string; response: EventReply }) };
}

/** Returns the event and the ref of each frame as JSON. */
export const eventsOf = (sent: readonly Message[]): string =>
  JSON.stringify(sent.map(([, ref, , event]) => [event, ref]));

/** Waits for the next turn of the event loop, in which a mailbox handles its waiting items. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * Resolves when a few messages that wait have been handled. A batch that takes longer than eight milliseconds is continued in the
 * next turn of the event loop, so on a busy machine each message may need one.
 */
export async function someTurns(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await nextTurn();
}
