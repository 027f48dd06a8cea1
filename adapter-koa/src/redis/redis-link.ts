import { setTimeout as delay, setImmediate } from "node:timers/promises";
import { nanoid } from "nanoid";
import { isOffline, type RedisClient } from "./redis-client.js";

/** How often the link is checked, how long a check may take, and the pause after one that failed, in milliseconds. */
const checkEvery = 2000;
const checkTimeout = 1000;
const checkTimeoutWhenDown = 300;
const pauseAfterFailure = 100;

/** Receives the changes of a link. */
export interface RedisLinkListener {
  /** Called when messages no longer arrive, or may no longer arrive. */
  handleDown(): void;
  /** Called when messages arrive again. The link does not count as up until the promise resolves. */
  handleUp(): Promise<void>;
  handleError(error: unknown): void;
}

/**
 * The two connections to Redis: one for commands, one for subscriptions. It sends itself a message over both from time to
 * time: the link is up while these messages arrive.
 */
export class RedisLink {
  readonly commands: RedisClient;
  readonly #subscriptions: RedisClient;
  readonly #listener: RedisLinkListener;
  readonly #channel: string;
  readonly #ended = new AbortController();
  #isUp = false;
  #hasReported = false;
  /** Waits for the text of the current check. */
  #awaited: { readonly text: string; readonly arrived: () => void } | undefined;
  #isPublishing = false;
  #wakeUp = () => {};
  /** Resolves when both clients have been connected. Clients of clusters refuse earlier commands. */
  #connected: Promise<unknown> = Promise.resolve();

  constructor(client: RedisClient, prefix: string, listener: RedisLinkListener) {
    this.commands = client;
    this.#subscriptions = client.duplicate();
    this.#listener = listener;
    this.#channel = `${prefix}check:${nanoid()}`;
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  /** Connects, and checks the link until it is closed. */
  start(): void {
    const clients = [this.commands, this.#subscriptions];
    for (const client of clients) client.on("error", this.#handleError);
    this.#connected = Promise.all(clients.map((client) => this.#connect(client)));
    const arrive = (text: string) => {
      if (this.#awaited?.text === text) this.#awaited.arrived();
    };
    void this.subscribe(this.#channel, arrive, this.#ended.signal).then(() => this.#run());
  }

  /** Subscribes to a channel, again after errors until it succeeds or the signal aborts. */
  async subscribe(
    channel: string,
    receive: (text: string) => void,
    signal: AbortSignal,
  ): Promise<unknown> {
    await this.#connected;
    return this.retry(() => this.#subscriptions.subscribe(channel, receive), signal);
  }

  async unsubscribe(channel: string, receive: (text: string) => void): Promise<void> {
    const listener = receive as (text: unknown) => void;
    await this.#subscriptions.unsubscribe(channel, listener).catch(() => {}); // the connection has ended
  }

  /** Calls a function that uses a connection, again after an error. Gives up when the signal aborts. */
  async retry<Result>(
    call: () => Promise<Result>,
    signal: AbortSignal = this.#ended.signal,
  ): Promise<Result | undefined> {
    while (!signal.aborted) {
      try {
        return await call();
      } catch (error) {
        this.#report(error);
        await pause(pauseAfterFailure, signal);
      }
    }
  }

  /** Ends the subscriptions. Does not close the connection for commands, which belongs to the app. */
  close(): void {
    this.#ended.abort();
    this.#wakeUp();
    this.commands.off("error", this.#handleError);
    this.#subscriptions.off("error", this.#handleError);
    this.#subscriptions.on("error", () => {});
    this.#subscriptions.destroy();
  }

  #connect(client: RedisClient): Promise<unknown> {
    return this.retry(async () => {
      if (!client.isOpen) await client.connect();
    });
  }

  async #run(): Promise<void> {
    const { signal } = this.#ended;
    while (!signal.aborted) {
      const works = await this.#check();
      if (signal.aborted) return;
      if (works) this.#hasReported = false;
      if (works && !this.#isUp) await this.#goUp();
      else if (!works) this.#goDown();
      await this.#nextCheck(this.#isUp ? checkEvery : pauseAfterFailure);
    }
  }

  /** Waits for the time of the next check, which an error brings forward. */
  async #nextCheck(ms: number): Promise<void> {
    const brought = new AbortController();
    this.#wakeUp = () => brought.abort();
    await pause(ms, brought.signal);
  }

  /** Returns whether a message to this process arrives. */
  async #check(): Promise<boolean> {
    const text = nanoid();
    const timer = new AbortController();
    const arrived = new Promise<boolean>((resolve) => {
      this.#awaited = { text, arrived: () => resolve(true) };
    });
    // While the client is not connected, it keeps the command. One is enough.
    if (this.#isPublishing) return pause(pauseAfterFailure, this.#ended.signal).then(() => false);
    this.#isPublishing = true;
    this.commands
      .publish(this.#channel, text)
      .catch(this.#handleError)
      .finally(() => {
        this.#isPublishing = false;
      });
    // If this process was busy, the text may have arrived already: it is read before `setImmediate` resolves.
    const late = pause(this.#isUp ? checkTimeout : checkTimeoutWhenDown, timer.signal)
      .then(() => setImmediate())
      .then(() => false);
    const works = await Promise.race([arrived, late]);
    timer.abort();
    return works;
  }

  async #goUp(): Promise<void> {
    try {
      await this.#listener.handleUp();
      this.#isUp = !this.#hasReported;
    } catch (error) {
      this.#report(error);
    }
  }

  #goDown(): void {
    if (!this.#isUp) return;
    this.#isUp = false;
    this.#listener.handleDown();
  }

  readonly #handleError = (error: unknown): void => {
    this.#report(error);
    this.#goDown();
    this.#wakeUp();
  };

  /** Reports the first error of an outage. The client tries again and again. */
  #report(error: unknown): void {
    if (this.#hasReported || this.#ended.signal.aborted || isOffline(error)) return;
    this.#hasReported = true;
    this.#listener.handleError(error);
  }
}

/** Waits for some milliseconds, or until the signal aborts. It does not keep the process alive. */
const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  delay(ms, undefined, { signal, ref: false }).catch(() => {});
