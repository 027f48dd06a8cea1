import type { MaybePromise } from "../maybe-promise.js";
import type { MessageId } from "../pub-sub/message-id.js";
import type { AsyncOutcome } from "../socket/async-result.js";
import type { Receiver } from "../socket/info-handler.js";
import type { BroadcastOptions, SendOptions } from "../socket/socket.js";
import type { MessageSource } from "../socket/tracker.js";
import { Mailbox, type MailboxOwner } from "./mailbox.js";
import {
  Messages,
  type MessagesListener,
  type TopicMessage,
  type TopicOptions,
} from "./messages.js";
import type { ReportingPubSub } from "./reporting-pub-sub.js";
import { type EndedTask, type Task, Tasks } from "./tasks.js";

/** A message of the browser; `bytes` is the size of its frame. */
export type FrameItem = { readonly ref: string | null; readonly bytes: number } & (
  | { readonly type: "event"; readonly event: string; readonly payload: unknown }
  | { readonly type: "patch"; readonly url: string }
);

/**
 * A message that a connected view or one of its hooks handles. A `mark` is only noticed: it calls its function after the
 * messages before it have been handled.
 */
export type InboxItem =
  | FrameItem
  | {
      readonly type: "info";
      readonly message: unknown;
      /** `undefined` for messages that the view or a hook has sent to itself. */
      readonly topic: string | undefined;
      readonly id?: MessageId | undefined;
      /** The hook that handles the message; `undefined` for the view. */
      readonly receive: Receiver | undefined;
      /** Is called when the message has been handled. */
      readonly onHandled?: (() => void) | undefined;
    }
  | { readonly type: "mark"; readonly onHandled: () => void }
  | { readonly type: "async"; readonly task: EndedTask };

/** Whether a message is still handled after the view was left: what its browser and the view itself have sent. */
export const isHandledAfterLeave = (item: InboxItem): boolean =>
  item.type === "info" ? item.topic === undefined : item.type === "event" || item.type === "patch";

/** The operations that an inbox needs from its view. */
export interface InboxOwner extends MailboxOwner<InboxItem> {
  /** Ends the connection because too many messages wait. */
  overflow(): void;
  /** Receives the error of a task that has failed after the view was left. */
  failLate(error: unknown): void;
}

/** How many messages may wait, and how many are handled after the view was left. */
export interface InboxLimits {
  readonly maxMailbox: number;
  readonly leaving: { readonly messages: number };
}

/** Everything that a view receives: the frames of its browser, messages, and the outcomes of its tasks. */
export class Inbox implements MessagesListener {
  readonly #owner: InboxOwner;
  readonly #limits: InboxLimits;
  readonly #mailbox: Mailbox<InboxItem>;
  readonly #messages: Messages;
  #tasks: Tasks | undefined;
  #hasLeft = false;
  #acceptsFrames = true;
  #handledSinceLeave = 0;
  #isClosed = false;
  #frames = 0;
  #bytes = 0;

  constructor(owner: InboxOwner, pubSub: ReportingPubSub, limits: InboxLimits) {
    this.#owner = owner;
    this.#limits = limits;
    this.#mailbox = new Mailbox(owner, limits.maxMailbox);
    this.#messages = new Messages(pubSub, this);
  }

  /** Whether no message is being handled and none waits. */
  get isIdle(): boolean {
    return this.#mailbox.isIdle;
  }

  /** Whether no message waits behind those that are being handled. */
  get isEmpty(): boolean {
    return !this.#mailbox.hasItems;
  }

  /** The number of messages that wait behind those that are being handled. */
  get waiting(): number {
    return this.#mailbox.waiting;
  }

  /** The number of frames of the browser that wait. */
  get waitingFrames(): number {
    return this.#frames;
  }

  /** The size of the browser's frames that wait or are being handled, in bytes. */
  get waitingBytes(): number {
    return this.#bytes;
  }

  /** The keys of the running tasks. */
  get taskKeys(): readonly string[] {
    return this.#tasks?.keys ?? [];
  }

  /** Starts to handle messages, beginning with those that already wait. */
  open(): void {
    this.#mailbox.open();
  }

  /** Settles soon, even if no message waits. */
  wake(): void {
    this.#mailbox.wake();
  }

  /** Settles soon, unless messages are being handled, which are settled anyway. */
  wakeIdle(): void {
    this.#mailbox.wakeIdle();
  }

  /** Accepts a frame of the browser. */
  push(item: FrameItem): void {
    if (!this.#acceptsFrames) return;
    this.#bytes += item.bytes;
    this.#frames++;
    this.#checkAccepted(this.#mailbox.push(item));
  }

  /** Is called when a frame begins to be handled. */
  begin(): void {
    this.#frames--;
  }

  /** Is called when a frame has been handled. */
  finish({ bytes }: FrameItem): void {
    this.#bytes -= bytes;
  }

  /**
   * Sends a message to the view itself, or to one of its hooks. After the view was left, delayed messages are ignored.
   */
  send(message: unknown, { after = 0 }: SendOptions = {}, receive?: Receiver): void {
    const item: InboxItem = { type: "info", message, topic: undefined, receive };
    if (after === 0) {
      this.#deliver(item);
    } else if (!this.#hasLeft) {
      this.#checkAccepted(this.#messages.delayed < this.#limits.maxMailbox);
      this.#messages.delay(after, () => this.#deliver(item));
    }
  }

  /** @returns a function that ends this subscription */
  subscribe(topic: string | MessageSource, options?: TopicOptions): () => void {
    return this.#hasLeft ? () => {} : this.#messages.subscribe(topic, options);
  }

  /** Resolves when the subscriptions that the view resumes have started; `undefined` if they have. */
  whenStarted(): Promise<unknown> | undefined {
    return this.#messages.whenStarted();
  }

  /** Sends a message to the subscribers of a topic. */
  broadcast(topic: string, message: unknown, options?: BroadcastOptions): void {
    this.#messages.broadcast(topic, message, options);
  }

  /**
   * Starts a task. After the view was left, its signal is aborted at once and its outcome is discarded, and a task that only
   * loads an assign is not started.
   */
  startTask(key: string, run: Task, done: EndedTask["done"]): void {
    if (this.#isClosed || (this.#hasLeft && done)) return;
    this.#tasks ??= new Tasks();
    this.#tasks.start(key, run, done, (task) => {
      if (!this.#hasLeft) this.#deliver({ type: "async", task });
      else if (!task.outcome.ok) this.#owner.failLate(task.outcome.error);
    });
    if (this.#hasLeft) this.#tasks.abort();
  }

  /** Handles the outcome of a task, unless a newer task of the same key was started. */
  handleTask(
    task: EndedTask,
    handle: (key: string, outcome: AsyncOutcome) => MaybePromise<void>,
  ): MaybePromise<void> {
    if (!this.#tasks?.take(task)) return;
    return task.done ? task.done(task.outcome) : handle(task.key, task.outcome);
  }

  /**
   * Accepts only messages of the view itself from now on, and frames if the browser has not left the view yet. The messages
   * that wait are still handled.
   */
  leave(acceptsFrames: boolean): void {
    this.#hasLeft = true;
    this.#acceptsFrames = acceptsFrames;
    this.#messages.end();
    this.#tasks?.abort();
  }

  /** Accepts no more frames. */
  refuseFrames(): void {
    this.#acceptsFrames = false;
  }

  /** Counts a message that the view handles after it was left. @returns `false` above the limit */
  countAfterLeave(): boolean {
    this.#handledSinceLeave++;
    return this.#handledSinceLeave <= this.#limits.leaving.messages;
  }

  /** Discards the messages that wait and accepts no more. */
  close(): void {
    this.#isClosed = true;
    this.#mailbox.close();
    this.#bytes = 0;
  }

  deliver(message: TopicMessage): void {
    this.#deliver(message);
  }

  afterMessages(onHandled: () => void): void {
    this.#deliver({ type: "mark", onHandled });
  }

  whenRoom(): Promise<void> | undefined {
    return this.#mailbox.whenRoom();
  }

  #deliver(item: InboxItem): void {
    this.#checkAccepted(this.#mailbox.defer(item));
  }

  #checkAccepted(accepted: boolean): void {
    if (!accepted) this.#owner.overflow();
  }
}
