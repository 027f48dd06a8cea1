import { type MaybePromise, then } from "../../live/maybe-promise.js";
import type { ChannelServices } from "../../live/runtime/channel.js";
import { Inbox, type InboxItem, type InboxOwner } from "../../live/runtime/inbox.js";
import {
  handleAsync,
  handleEvent,
  handleInfo,
  type MountInput,
  mount,
} from "../../live/runtime/lifecycle.js";
import type { EndedTask, Task } from "../../live/runtime/tasks.js";
import {
  disconnectedHost,
  type SocketHost,
  type SocketInput,
  ViewSocket,
} from "../../live/runtime/view-socket.js";
import { noFlash } from "../../live/socket/flash.js";
import type { Receiver } from "../../live/socket/info-handler.js";
import type { BroadcastOptions, SendOptions } from "../../live/socket/socket.js";
import { channels, isTraced, trace, traceOf } from "../../live/tracing/tracing.js";

/**
 * A view that handles a posted form. It is mounted like the view of a page, so nothing outlives the request. Everything
 * that the event causes is done before the page is rendered: tasks, messages to itself, and broadcasts.
 */
export class PostedView implements SocketHost, InboxOwner {
  readonly socket: ViewSocket;
  readonly #inbox: Inbox;
  #failure: { readonly error: unknown } | undefined;
  /** Ends the wait of {@link #settled}. */
  #wake: (() => void) | undefined;

  constructor(input: Omit<SocketInput, "host" | "connectParams">, services: ChannelServices) {
    this.#inbox = new Inbox(this, services.pubSub, services);
    this.socket = new ViewSocket({ connectParams: null, host: this, ...input });
  }

  /** Mounts the view. If a hook or callback navigates, the form is not handled. */
  async mount(input: MountInput): Promise<void> {
    await mount(this.socket, input);
    this.#inbox.open();
  }

  /**
   * Handles the event of the form, after the listeners of its files.
   *
   * @throws the error of a callback
   */
  async submit(event: string | undefined, payload: unknown): Promise<void> {
    await this.#settled();
    if (event === undefined) return;
    this.#inbox.push({ type: "event", ref: null, event, payload, bytes: 0 });
    await this.#settled();
  }

  /** Ends the view: its tasks are aborted, and the files that no handler has consumed are removed. */
  end(): void {
    this.#inbox.leave(false);
    this.#inbox.close();
    this.socket.disconnect();
    this.socket.uploads?.close(false);
  }

  readonly createNested = disconnectedHost.createNested;

  get waiting(): number {
    return this.#inbox.waiting;
  }

  /** A page receives no messages of topics. */
  subscribe(): () => void {
    return () => {};
  }

  broadcast(topic: string, message: unknown, options?: BroadcastOptions): void {
    if (this.socket.isMounted) this.#inbox.broadcast(topic, message, options);
  }

  send(message: unknown, options?: SendOptions, receive?: Receiver): void {
    if (this.socket.isMounted) this.#inbox.send(message, options, receive);
  }

  startTask(key: string, run: Task, done: EndedTask["done"]): void {
    if (this.socket.isMounted) this.#inbox.startTask(key, run, done);
  }

  changed(): void {}

  handle(item: InboxItem): MaybePromise<void> {
    const { socket } = this;
    if (socket.navigation) return;
    socket.freshFlash = noFlash;
    switch (item.type) {
      case "event":
        return this.#handleEvent(item.event, item.payload);
      case "info":
        return item.receive
          ? item.receive(item.message, item.topic, item.id)
          : handleInfo(socket, item.message, item.topic, item.id);
      case "async":
        return this.#inbox.handleTask(item.task, (key, outcome) =>
          handleAsync(socket, key, outcome),
        );
    }
  }

  settle(): void {
    if (this.#isSettled) this.#wake?.();
  }

  mark(): void {}

  settleMarked(): void {}

  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#wake?.();
  }

  failLate(): void {}

  overflow(): void {
    this.fail(new Error("too many messages wait for the view of a posted form"));
  }

  #handleEvent(event: string, payload: unknown): MaybePromise<void> {
    const handle = () => then(handleEvent(this.socket, event, payload), () => {});
    return isTraced(channels.event)
      ? trace(channels.event, traceOf(this.socket, event), handle)
      : handle();
  }

  get #isSettled(): boolean {
    const { navigation } = this.socket;
    return navigation !== undefined || (this.waiting === 0 && this.#inbox.taskKeys.length === 0);
  }

  /** Resolves when no message is being handled or waits and no task runs, or when the view navigates. */
  async #settled(): Promise<void> {
    if (!this.#failure && !(this.#inbox.isIdle && this.#isSettled)) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#failure) throw this.#failure.error;
  }
}
