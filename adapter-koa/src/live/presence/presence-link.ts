import { isThenable } from "../maybe-promise.js";
import type { PubSub } from "../runtime/pub-sub.js";

/** Receives the messages and errors of a link. */
export interface PresenceLinkListener {
  /** The link receives messages from now on. */
  connected(): void;
  receive(message: unknown): void;
  /** Receives the first error of each outage. */
  failed(error: unknown): void;
}

/** Connects the presences of all processes over one topic of a PubSub, which may throw, reject and be late. */
export class PresenceLink {
  readonly #pubSub: PubSub;
  readonly #topic: string;
  readonly #listener: PresenceLinkListener;
  #unsubscribe: (() => unknown) | undefined;
  #isSubscribing = false;
  #isClosed = false;
  #fails = false;

  constructor(pubSub: PubSub, topic: string, listener: PresenceLinkListener) {
    this.#pubSub = pubSub;
    this.#topic = topic;
    this.#listener = listener;
  }

  /** Subscribes, unless this has already succeeded. */
  connect(): void {
    if (this.#unsubscribe || this.#isSubscribing) return;
    this.#isSubscribing = true;
    const receive = (message: unknown) => {
      if (!this.#isClosed) this.#listener.receive(message);
    };
    this.#attempt(
      () => this.#pubSub.subscribe(this.#topic, receive),
      (unsubscribe) => {
        this.#isSubscribing = false;
        if (unsubscribe === undefined) return;
        this.#unsubscribe = unsubscribe;
        if (this.#isClosed) this.close();
        else this.#listener.connected();
      },
    );
  }

  send(message: unknown): void {
    this.#attempt(() => this.#pubSub.broadcast(this.#topic, message));
  }

  close(): void {
    this.#isClosed = true;
    this.#attempt(() => this.#unsubscribe?.());
  }

  /** Calls a function of the PubSub. @param done receives `undefined` after an error */
  #attempt<Result>(
    call: () => Result | PromiseLike<Result>,
    done: (result: Result | undefined) => void = () => {},
  ): void {
    const succeed = (result: Result) => {
      this.#fails = false;
      done(result);
    };
    const fail = (error: unknown) => {
      if (!this.#fails) this.#listener.failed(error);
      this.#fails = true;
      done(undefined);
    };
    let result: Result | PromiseLike<Result>;
    try {
      result = call();
    } catch (error) {
      fail(error);
      return;
    }
    if (isThenable(result)) result.then(succeed, fail);
    else succeed(result);
  }
}
