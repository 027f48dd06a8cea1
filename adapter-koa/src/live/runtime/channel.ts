import type { EventReply, JoinRefusal, Update } from "@live-session/components/protocol";
import { isThenable, type MaybePromise, then } from "../maybe-promise.js";
import { isSameFlash, noFlash } from "../socket/flash.js";
import type { AsyncOutcome, Reply } from "../socket/hook.js";
import type { Destination } from "../socket/navigation.js";
import { Socket, stateOf } from "../socket/socket.js";
import { Acks } from "./acks.js";
import type {
  ChannelInput,
  ChannelItem,
  ChannelServices,
  FrameItem,
  Outbox,
} from "./channel-input.js";
import { Frames } from "./frames.js";
import { afterRender, handleAsync, handleEvent, handleInfo, mount } from "./lifecycle.js";
import { Mailbox, type MailboxOwner } from "./mailbox.js";
import { followPatches, runBrowserPatch } from "./patches.js";
import { Renderer } from "./renderer.js";
import { disconnectedHost, type SocketHost, SocketState } from "./socket-state.js";
import { Subscriptions } from "./subscriptions.js";
import { type EndedTask, Tasks } from "./tasks.js";

/**
 * A connected view: mounts it, hands it one message at a time, and sends what changed. It ends with
 * its topic's leave, its connection, a navigation away, or the first thing its view throws.
 */
export class Channel implements SocketHost, MailboxOwner<ChannelItem> {
  readonly topic: string;
  readonly joinRef: string | null;
  readonly #services: ChannelServices;
  readonly #outbox: Outbox;
  readonly #frames: Frames;
  readonly #onEnd: (channel: Channel) => void;
  readonly #mailbox: Mailbox<ChannelItem>;
  readonly #socket: Socket;
  readonly #renderer: Renderer;
  readonly #subscriptions: Subscriptions;
  #tasks: Tasks | undefined;
  readonly #acks = new Acks();
  #waiting = false;
  #waitingBytes = 0;
  /** Whether the next render is there for a message that an `afterRender` hook has put. */
  #showsFlash = false;
  #ended = false;

  constructor(
    input: ChannelInput,
    services: ChannelServices,
    outbox: Outbox,
    onEnd: (channel: Channel) => void,
  ) {
    this.topic = input.topic;
    this.joinRef = input.joinRef;
    this.#services = services;
    this.#outbox = outbox;
    this.#frames = new Frames(outbox, input.topic, input.joinRef);
    this.#onEnd = onEnd;
    this.#mailbox = new Mailbox(this, services.maxMailbox);
    this.#subscriptions = new Subscriptions(services.pubSub, (message) => this.send(message));
    const { id, url, csrfToken, flash, connectParams, staticChanged } = input;
    const { route } = input.match;
    this.#socket = new Socket(
      new SocketState({
        id,
        route,
        url,
        csrfToken,
        flash,
        connectParams,
        staticChanged,
        host: this,
      }),
    );
    this.#renderer = new Renderer(this.#socket, {
      layout: services.router.layout,
      navigations: input.navigations,
    });
  }

  /** Mounts the view and answers the join. Messages that come meanwhile wait. */
  async join({ ref, match, session }: ChannelInput): Promise<void> {
    try {
      await mount(this.#socket, { params: match.params, session });
      const patch = await followPatches(this.#socket, this.#services.router);
      if (this.#ended) return;
      const navigation = stateOf(this.#socket).takeNavigation();
      if (navigation && navigation.type !== "patch") {
        const { events } = stateOf(this.#socket);
        this.#refuse(ref, { ...this.#refusal(navigation), ...(events.length > 0 && { events }) });
        return;
      }
      const { changed } = stateOf(this.#socket);
      const page = this.#renderer.all();
      await afterRender(this.#socket, changed);
      if (this.#ended) return;
      const { maxPayload } = this.#services;
      const more = this.#renderer.titleAndEvents();
      this.#frames.joined(ref, { ...page, maxPayload, ...more, ...(patch && { patch }) });
      await this.#finish(undefined);
      this.#mailbox.open();
    } catch (error) {
      if (this.#ended) return;
      this.#refuse(ref, { reason: isAnswer(error) ? "stale" : "crashed" });
      this.#services.onError(error, this.topic);
    }
  }

  /** Whether the view has nothing to handle. */
  get isIdle(): boolean {
    return this.#mailbox.isIdle;
  }

  /** The keys of the view's tasks that are under way. */
  get tasks(): readonly string[] {
    return this.#tasks?.keys ?? [];
  }

  /** The size of the browser's frames that wait for the view or are being handled. */
  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /** Takes an event of the browser. */
  event(ref: string | null, event: string, payload: unknown, bytes = 0): void {
    this.#take({ type: "event", ref, event, payload, bytes });
  }

  /** Takes a patch that the browser asks for. */
  patch(ref: string | null, url: string, bytes = 0): void {
    this.#take({ type: "patch", ref, url, bytes });
  }

  /** Ends the view: its subscriptions, its tasks, and what waits for it. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#mailbox.close();
    this.#subscriptions.end();
    this.#tasks = undefined;
    this.#acks.clear();
    // A callback that is still under way may have something to tell others.
    stateOf(this.#socket).host = { ...disconnectedHost, broadcast: this.broadcast.bind(this) };
    this.#onEnd(this);
  }

  /** Ends the view and tells the browser, by its own wish or because another join took its topic. */
  close(): void {
    this.end();
    this.#frames.ended("phx_close");
  }

  subscribe(topic: string): () => void {
    return this.#subscriptions.subscribe(topic);
  }

  broadcast(topic: string, message: unknown): void {
    this.#subscriptions.broadcast(topic, message);
  }

  send(message: unknown): void {
    this.#accept(this.#mailbox.defer({ type: "info", message }));
  }

  startTask(
    key: string,
    run: () => MaybePromise<unknown>,
    done: ((outcome: AsyncOutcome) => void) | undefined,
  ): void {
    this.#tasks ??= new Tasks();
    this.#tasks.start(key, run, done, (task) =>
      this.#accept(this.#mailbox.defer({ type: "async", task })),
    );
  }

  handle(item: ChannelItem): MaybePromise<void> {
    stateOf(this.#socket).freshFlash = noFlash;
    switch (item.type) {
      case "event":
        return then(handleEvent(this.#socket, item.event, item.payload), (reply) => {
          this.#waitingBytes -= item.bytes;
          return this.#handled(item.ref, reply);
        });
      case "patch":
        return then(runBrowserPatch(this.#socket, this.#services.router, item.url), () => {
          this.#waitingBytes -= item.bytes;
          return this.#handled(item.ref, undefined);
        });
      case "info":
        return then(handleInfo(this.#socket, item.message), () =>
          this.#handled(undefined, undefined),
        );
      case "async":
        return then(this.#runOutcome(item.task), () => this.#handled(undefined, undefined));
    }
  }

  settle(): MaybePromise<void> {
    if (this.#ended) return;
    if (!this.#outbox.writable) {
      this.#waitForDrain();
      return;
    }
    const { changed } = stateOf(this.#socket);
    const update = this.#renderer.changes();
    const hooks = changed.size > 0 ? afterRender(this.#socket, changed) : undefined;
    return isThenable(hooks) ? hooks.then(() => this.#finish(update)) : this.#finish(update);
  }

  fail(error: unknown): void {
    if (this.#ended) return;
    this.end();
    this.#frames.ended("phx_error");
    this.#services.onError(error, this.topic);
  }

  /** Sends what a render brought, and goes where an `afterRender` hook leads. */
  #finish(update: Update | undefined): MaybePromise<void> {
    if (this.#ended) return;
    const state = stateOf(this.#socket);
    const more = this.#renderer.titleAndEvents();
    this.#flush(more ? { ...update, ...more } : update);
    // A message that a hook has put shows at once, but one put at every render does so only once in a row.
    const shows = state.changed.has("flash") && !this.#showsFlash;
    this.#showsFlash = shows;
    if (shows) this.#mailbox.wake();
    if (!state.navigation) return;
    return then(this.#handled(undefined, undefined), () => this.#mailbox.wake());
  }

  #take(item: FrameItem): void {
    this.#waitingBytes += item.bytes;
    this.#accept(this.#mailbox.push(item));
  }

  #accept(taken: boolean): void {
    if (!taken) this.#outbox.overflow("messages wait for a view");
  }

  #runOutcome(task: EndedTask): MaybePromise<void> {
    if (!this.#tasks?.take(task)) return;
    return task.done ? task.done(task.outcome) : handleAsync(this.#socket, task.key, task.outcome);
  }

  /** After each callback: follows where it leads, and keeps the answer for the render. */
  #handled(ref: string | null | undefined, reply: Reply | undefined): MaybePromise<void> {
    if (this.#ended) return;
    const state = stateOf(this.#socket);
    if (!state.navigation) {
      if (ref !== undefined) this.#acks.add(ref, reply);
      if (this.#acks.size > this.#services.maxMailbox)
        this.#outbox.overflow("answers wait for a reader");
      return;
    }
    return then(followPatches(this.#socket, this.#services.router), (patch) => {
      if (this.#ended) return;
      const away = state.takeNavigation();
      if (away) this.#leave(ref, reply, away as Destination);
      else if (ref !== undefined) this.#acks.add(ref, reply, patch);
      else if (patch) this.#frames.push("live_patch", patch);
    });
  }

  /** Sends what changed with the first answer that waits, or by itself. */
  #flush(update: Update | undefined): void {
    const answered = this.#acks.flush(update, (ref, response) =>
      this.#frames.answer(ref, response),
    );
    if (!answered && update) this.#frames.update(update);
  }

  /** Sends the browser away, after the events pushed before, and ends the view. */
  #leave(ref: string | null | undefined, reply: Reply | undefined, to: Destination): void {
    const { events } = stateOf(this.#socket);
    const { reason, ...target } = this.#refusal(to);
    if (ref === undefined) {
      this.#flush(events.length > 0 ? { events } : undefined);
      this.#frames.push(reason, target);
    } else {
      this.#flush(undefined);
      const response: EventReply = {
        ...(events.length > 0 && { events }),
        ...(reply && { reply: reply.value }),
        [reason]: target,
      };
      this.#frames.answer(ref, response);
    }
    this.end();
  }

  #refusal(to: Destination): Extract<JoinRefusal, { reason: "redirect" | "live_redirect" }> {
    const { freshFlash } = stateOf(this.#socket);
    const carried = isSameFlash(freshFlash, noFlash)
      ? {}
      : { flash: this.#services.signFlash(freshFlash) };
    return to.type === "redirect"
      ? { reason: "redirect", to: to.to, ...carried }
      : { reason: "live_redirect", to: to.to, kind: to.kind, ...carried };
  }

  #refuse(ref: string | null, refusal: JoinRefusal): void {
    this.#frames.refused(ref, refusal);
    this.end();
  }

  #waitForDrain(): void {
    if (stateOf(this.#socket).events.length > this.#services.maxMailbox) {
      this.#outbox.overflow("events wait for a reader");
    }
    if (this.#waiting) return;
    this.#waiting = true;
    this.#outbox.onDrain(() => {
      this.#waiting = false;
      this.#mailbox.wake();
    });
  }
}

/** Whether an error says what is wrong with the request, as `ctx.throw(404)` does: the page itself answers with it. */
const isAnswer = (error: unknown): boolean => {
  const { status } = Object(error) as { status?: unknown };
  return typeof status === "number" && status >= 400 && status < 500;
};
