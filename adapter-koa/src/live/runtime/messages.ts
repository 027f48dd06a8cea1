import { nanoid } from "nanoid";
import { LiveError, quote } from "../live-error.js";
import type { MessageId } from "../pub-sub/message-id.js";
import { freezeMessage } from "../socket/broadcast-message.js";
import type { Receiver } from "../socket/info-handler.js";
import type { BroadcastOptions } from "../socket/socket.js";
import type { MessageSource } from "../socket/tracker.js";
import type { ReportingPubSub } from "./reporting-pub-sub.js";

/** The options with which a view subscribes to a topic. */
export interface TopicOptions {
  readonly after?: MessageId | undefined;
  /** The hook that receives the messages; `undefined` for the view. */
  readonly receive?: Receiver | undefined;
  /** Identifies the view's own messages from now on, even when the view is joined again. */
  readonly sender?: string;
  /** Is called first with the id after which messages follow, then with the id of each message that the view has handled. */
  readonly onHandled?: (id: MessageId) => void;
}

/** A message of a topic, as the mailbox of the view receives it. */
export interface TopicMessage {
  readonly type: "info";
  readonly message: unknown;
  readonly topic: string;
  readonly id?: MessageId | undefined;
  /** The hook that receives the message; `undefined` for the view. */
  readonly receive: Receiver | undefined;
  /** Is called when the message has been handled. */
  readonly onHandled?: (() => void) | undefined;
}

/** Receives what a view's topics deliver. */
export interface MessagesListener {
  deliver(message: TopicMessage): void;
  /** Calls a function after the messages that were delivered before have been handled. */
  afterMessages(call: () => void): void;
  /** Returns a promise while the view accepts no numbered messages. */
  whenRoom(): Promise<void> | undefined;
}

/** The subscriptions of one view, its own broadcasts, and its delayed messages. */
export class Messages {
  readonly #pubSub: ReportingPubSub;
  readonly #listener: MessagesListener;
  #subscriptions: readonly (() => void)[] = [];
  #timers: Set<NodeJS.Timeout> | undefined;
  #starting: Set<Promise<void>> | undefined;
  /** Identifies the view's own messages, in every process. */
  #sender: string | undefined;

  /** @param listener receives the messages of topics, except those that the view has broadcast itself */
  constructor(pubSub: ReportingPubSub, listener: MessagesListener) {
    this.#pubSub = pubSub;
    this.#listener = listener;
  }

  /** The number of delayed messages. */
  get delayed(): number {
    return this.#timers?.size ?? 0;
  }

  /**
   * @returns a function that ends this subscription
   * @throws LiveError `LIVE_ERR_OPTION` for the option `after` if the topic is not numbered
   */
  subscribe(source: string | MessageSource, options: TopicOptions = {}): () => void {
    if (options.sender !== undefined) this.#sender = options.sender;
    const unsubscribe =
      typeof source === "string" && this.#pubSub.isNumbered(source)
        ? this.#follow(source, options)
        : this.#subscribe(source, options);
    this.#subscriptions = this.#subscriptions.concat(unsubscribe);
    return () => {
      unsubscribe();
      this.#subscriptions = this.#subscriptions.filter((other) => other !== unsubscribe);
    };
  }

  #subscribe(
    source: string | MessageSource,
    { after, receive, onHandled }: TopicOptions,
  ): () => void {
    const topic = typeof source === "string" ? source : source.topic;
    if (after !== undefined && !onHandled) {
      throw new LiveError("LIVE_ERR_OPTION", `the topic ${quote(topic)} is not numbered`, {
        expected: 'no option "after", or a PubSub whose option "replay" includes the topic',
      });
    }
    const deliver = (message: unknown, from?: string) => {
      if (this.#isOwn(from)) return;
      this.#listener.deliver({
        type: "info",
        message,
        topic,
        id: undefined,
        receive,
        onHandled: undefined,
      });
    };
    return typeof source === "string"
      ? this.#pubSub.subscribe(topic, deliver)
      : source.subscribe((message) => {
          freezeMessage(message);
          deliver(message);
        });
  }

  #follow(topic: string, { after, receive, onHandled }: TopicOptions): () => void {
    const listener = this.#listener;
    const accept = (message: unknown, from?: string, id?: MessageId) => {
      const handled = onHandled && id !== undefined ? () => onHandled(id) : undefined;
      if (!this.#isOwn(from)) {
        listener.deliver({ type: "info", message, topic, id, receive, onHandled: handled });
      } else if (handled) listener.afterMessages(handled);
    };
    return this.#pubSub.subscribe(topic, accept, {
      ...(after !== undefined && { after }),
      ...(onHandled && { started: this.#awaitStart(onHandled) }),
      ready: () => listener.whenRoom(),
    });
  }

  /** Returns a function that the subscription calls when it has started. */
  #awaitStart(onStart: (id: MessageId) => void): (id: MessageId) => void {
    let resolve = () => {};
    const started = new Promise<void>((done) => {
      resolve = done;
    });
    this.#starting ??= new Set();
    this.#starting.add(started);
    return (id) => {
      onStart(id);
      this.#starting?.delete(started);
      resolve();
    };
  }

  /** Resolves when the subscriptions that the view resumes have started; `undefined` if they have. */
  whenStarted(): Promise<unknown> | undefined {
    return this.#starting?.size ? Promise.all(this.#starting) : undefined;
  }

  #isOwn(from: string | undefined): boolean {
    return from !== undefined && from === this.#sender;
  }

  /** Sends a message to all subscribers of a topic, by default except this view. */
  broadcast(topic: string, message: unknown, { self = false }: BroadcastOptions = {}): void {
    if (!self) this.#sender ??= nanoid();
    this.#pubSub.broadcast(topic, message, self ? undefined : this.#sender);
  }

  /** Calls a function after some milliseconds, unless the view has ended by then. */
  delay(ms: number, call: () => void): void {
    this.#timers ??= new Set();
    const timers = this.#timers;
    const timer = setTimeout(() => {
      timers.delete(timer);
      call();
    }, ms).unref();
    timers.add(timer);
  }

  /** Ends all subscriptions and cancels the delayed messages. */
  end(): void {
    for (const unsubscribe of this.#subscriptions) unsubscribe();
    this.#subscriptions = [];
    for (const timer of this.#timers ?? []) clearTimeout(timer);
    this.#timers?.clear();
  }
}
