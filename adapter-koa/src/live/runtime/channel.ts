import { AsyncResource } from "node:async_hooks";
import type {
  EventReply,
  FlashMessages,
  JoinRefusal,
  KeptState,
  NavigationTarget,
  Update,
} from "@live-session/components/protocol";
import type { LiveRouter } from "../declarations/live-router.js";
import type { RouteMatch } from "../declarations/route.js";
import type { IdleViews } from "../hibernation/idle-views.js";
import { LiveError } from "../live-error.js";
import { isThenable, type MaybePromise, then } from "../maybe-promise.js";
import type { NestedElement } from "../nested/nested-element.js";
import {
  closeUnclaimed,
  type NestedParent,
  type NestedView,
  NestedViews,
  type PageTarget,
  type RunningNested,
} from "../nested/nested-views.js";
import { checkMessage } from "../socket/broadcast-message.js";
import { isSameFlash, noFlash } from "../socket/flash.js";
import type { Receiver } from "../socket/info-handler.js";
import type { KeptValues } from "../socket/kept-assigns.js";
import type { Layout } from "../socket/layout.js";
import type { Destination } from "../socket/navigation.js";
import type { Reply } from "../socket/outcome.js";
import type { BroadcastOptions, SendOptions } from "../socket/socket.js";
import type { MessageSource } from "../socket/tracker.js";
import { type UnmountReason, Unmounts } from "../socket/unmount.js";
import { channels, isTraced, type LiveTrace, measure, trace, traceOf } from "../tracing/tracing.js";
import type { UploadStore } from "../uploads/upload-store.js";
import type { UploadHost } from "../uploads/view-uploads.js";
import { Acks } from "./acks.js";
import { withBase } from "./base-path.js";
import { Frames } from "./frames.js";
import {
  type FrameItem,
  Inbox,
  type InboxItem,
  type InboxOwner,
  isHandledAfterLeave,
} from "./inbox.js";
import {
  afterComponentsRender,
  afterRender,
  connected,
  handleAsync,
  handleEvent,
  handleInfo,
  mount,
} from "./lifecycle.js";
import type { TopicOptions } from "./messages.js";
import type { Outbox } from "./outbox.js";
import { countHookPatches, followPatches, runBrowserPatch } from "./patches.js";
import { Renderer, type RendererOptions } from "./renderer.js";
import type { ReportingPubSub } from "./reporting-pub-sub.js";
import type { EndedTask, Task } from "./tasks.js";
import { type SocketHost, ViewSocket } from "./view-socket.js";

/** The services that all channels of a server share. */
export interface ChannelServices {
  readonly router: LiveRouter;
  readonly pubSub: ReportingPubSub;
  /** Signs flash messages that travel through the browser. */
  readonly signFlash: (flash: FlashMessages) => string;
  /** Seals kept assigns for the browser; `undefined` if they are too large and the app is in production. */
  readonly sealKept: (values: KeptValues, input: ChannelInput) => KeptState | undefined;
  /** Creates the element of a nested view, with its join token. */
  readonly nestedElement: (id: string, parent: ChannelInput) => NestedElement;
  /** Receives the errors that views throw. */
  readonly onError: (error: unknown, topic: string) => void;
  /** Stores the files of uploads. */
  readonly uploads: UploadStore;
  /** Puts views to sleep. */
  readonly idleViews: IdleViews;
  /** The number of messages that may wait for one view. */
  readonly maxMailbox: number;
  /** The largest payload of a browser's frame, in bytes. */
  readonly maxPayload: number;
  /** How many messages a view may handle after it was left, and for how many milliseconds. */
  readonly leaving: { readonly messages: number; readonly ms: number };
}

/** Is notified when a view ends. */
export interface ChannelListener {
  /** The view was left: the topic is free, and the channel sends nothing more. */
  handleLeft(channel: Channel): void;
  /** The view has ended. */
  handleEnded(channel: Channel): void;
}

/** A verified join. */
export interface ChannelInput {
  readonly topic: string;
  readonly joinRef: string | null;
  readonly ref: string | null;
  readonly id: string;
  readonly match: RouteMatch;
  readonly url: string;
  /** The prefix at which the visitor sees the app. */
  readonly base?: string;
  readonly session: Readonly<Record<string, unknown>>;
  readonly csrfToken: string;
  readonly flash: FlashMessages;
  /** `null` for a page. */
  readonly connectParams: Readonly<Record<string, unknown>> | null;
  /** Whether the page has loaded static files that are out of date. */
  readonly staticChanged: boolean;
  readonly navigations: number;
  /** Identifies the visitor's HTTP session. */
  readonly visitor: string;
  /** The kept assigns that the browser has sent. */
  readonly kept: KeptValues | undefined;
  /** The W3C trace context of the page, if it was traced. */
  readonly traceparent?: string | undefined;
  /** The `ctx.state` of a page's request. */
  readonly shared?: Readonly<Record<string, unknown>>;
  /** Set if another view contains the view. */
  readonly nested?: NestedInput;
}

/** The data that a nested view receives from the view that contains it. */
export interface NestedInput {
  /** `undefined` until its join. */
  readonly view: NestedView | undefined;
  /** The topic of the view of the page. */
  readonly pageTopic: string;
  /** The session data of the page, without that of nested views. */
  readonly pageSession: Readonly<Record<string, unknown>>;
}

/** A broadcast that waits for a join. */
interface WaitingBroadcast {
  readonly topic: string;
  readonly message: unknown;
  readonly options: BroadcastOptions | undefined;
}

/**
 * Runs a connected view: mounts it, handles its messages one at a time, and sends its changes. It ends when the
 * browser leaves the topic, the connection closes, the view navigates away, or the view throws. A view that was left first
 * handles what its browser had already sent, without rendering.
 *
 * In a live session with `adopt`, the channel begins with the page: the view is mounted, and its messages wait until a join
 * adopts it.
 */
export class Channel
  implements SocketHost, InboxOwner, NestedParent, RunningNested, RendererOptions
{
  readonly topic: string;
  /** The join; until then the page. */
  #input: ChannelInput;
  #joinRef: string | null;
  readonly #services: ChannelServices;
  #outbox: Outbox;
  #frames: Frames;
  #listener: ChannelListener;
  readonly #inbox: Inbox;
  readonly #socket: ViewSocket;
  readonly #renderer: Renderer;
  readonly #acks = new Acks();
  /** The async context of the join. Without it, callbacks would see that of another visitor's broadcast. */
  #context = new AsyncResource("LiveView");
  /** The broadcasts of a page's view; `undefined` for a view with a browser. */
  #waitingBroadcasts: WaitingBroadcast[] | undefined;
  #waitsForDrain = false;
  /** Whether the next render shows a message that an `afterRender` hook has put. */
  #showsFlash = false;
  /** The successive renders after which a hook has patched the view. */
  #hookPatches = 0;
  #leaveReason: UnmountReason | undefined;
  #leaveTimer: NodeJS.Timeout | undefined;
  #awaitsBrowser = false;
  #ended = false;
  /** Whether the browser has been sent the view, or the view has ended before. */
  #isShown = false;
  /** The joins of nested views that wait for that. */
  #onShown: (() => void)[] | undefined;

  constructor(
    input: ChannelInput,
    services: ChannelServices,
    outbox: Outbox,
    listener: ChannelListener,
  ) {
    this.topic = input.topic;
    this.#input = input;
    this.#joinRef = input.joinRef;
    this.#services = services;
    this.#outbox = outbox;
    this.#frames = new Frames(outbox, input.topic, input.joinRef);
    this.#listener = listener;
    this.#inbox = new Inbox(this, services.pubSub, services);
    const awaitsJoin = input.connectParams === null;
    if (awaitsJoin) this.#waitingBroadcasts = [];
    this.#socket = new ViewSocket({
      id: input.id,
      route: input.match.route,
      url: input.url,
      base: input.base ?? "",
      csrfToken: input.csrfToken,
      flash: input.flash,
      connectParams: input.connectParams,
      staticChanged: input.staticChanged,
      kept: input.kept,
      shared: input.shared,
      host: this,
      ...(input.match.route.view.definition.uploads && { uploadHost: this.#createUploadHost() }),
      awaitsJoin,
      isNested: input.nested !== undefined,
    });
    this.#announce(input);
    this.#renderer = new Renderer(this.#socket, this);
  }

  #createUploadHost(): UploadHost {
    const { uploads: store } = this.#services;
    return { store, visitor: this.#input.visitor, onError: (error) => this.#report(error) };
  }

  get layout(): Layout | undefined {
    return this.#services.router.layout;
  }

  get navigations(): number {
    return this.#input.navigations;
  }

  get idleViews(): IdleViews {
    return this.#services.idleViews;
  }

  seal(values: KeptValues): KeptState | undefined {
    return this.#services.sealKept(values, this.#input);
  }

  /** Makes a nested view known to its parent. */
  #announce({ nested }: ChannelInput): void {
    if (nested?.view) nested.view.running = this;
  }

  /** Mounts the view and replies to the join. Messages that arrive during the mount wait. */
  async join(input: ChannelInput): Promise<void> {
    const { match, session } = input;
    await this.#reply(input, () => mount(this.#socket, { params: match.params, session }));
  }

  /**
   * Mounts the view for a page, which the caller renders.
   *
   * @throws the error of a hook or callback
   */
  async mountPage({ match, session }: ChannelInput): Promise<ViewSocket> {
    await mount(this.#socket, { params: match.params, session });
    return this.#socket;
  }

  /** Gives the view of a page to the browser that joins, and replies to the join. */
  async adopt(input: ChannelInput, outbox: Outbox, listener: ChannelListener): Promise<void> {
    this.#input = input;
    this.#announce(input);
    this.#joinRef = input.joinRef;
    this.#outbox = outbox;
    this.#listener = listener;
    this.#frames = new Frames(outbox, input.topic, input.joinRef);
    this.#context = new AsyncResource("LiveView");
    this.#socket.url = input.url; // the scheme that the server sees may be that of a proxy
    await this.#reply(input, () => this.#sendWaitingBroadcasts());
  }

  #sendWaitingBroadcasts(): void {
    const broadcasts = this.#waitingBroadcasts ?? [];
    this.#waitingBroadcasts = undefined;
    for (const { topic, message, options } of broadcasts)
      this.#inbox.broadcast(topic, message, options);
  }

  /** Prepares the view, runs `connected` and replies to the join. */
  async #reply(input: ChannelInput, prepare: () => MaybePromise<void>): Promise<void> {
    if (!isTraced(channels.join)) {
      await this.#tryReply(input, prepare);
      return;
    }
    const message = { ...traceOf(this.#socket), traceparent: input.traceparent };
    const reply = () => measure(this.#outbox, message, () => this.#tryReply(input, prepare));
    await trace<LiveTrace, string>(channels.join, message, reply, (outcome) => outcome);
  }

  /** @returns the outcome, for traces */
  async #tryReply(
    { ref, connectParams }: ChannelInput,
    prepare: () => MaybePromise<void>,
  ): Promise<string> {
    try {
      await prepare();
      if (!this.#hasLeft && !this.#socket.navigation) await connected(this.#socket, connectParams);
      const patch = await followPatches(this.#socket, this.#services.router);
      // Otherwise a browser that leaves before the next frame would not know where to resume.
      await this.#inbox.whenStarted();
      if (this.#hasLeft) {
        this.#openLeft();
        return "left";
      }
      const navigation = this.#socket.takeNavigation();
      if (navigation && navigation.type !== "patch") {
        this.#refuseWithTarget(ref, this.#toRefusal(navigation));
        return navigation.type;
      }
      await this.#acceptJoin(ref, patch);
      return "ok";
    } catch (error) {
      const reason = isHttpError(error) ? "stale" : "crashed";
      if (!this.#hasLeft) this.#frames.refused(ref, { reason });
      this.#fail(error);
      if (reason === "stale") closeUnclaimed(this.#outbox.nested, this.topic);
      return reason;
    }
  }

  /**
   * Handles what the browser has sent before it left the view during the mount. If the mount was halted, the view handles
   * nothing, because its visitor may not be allowed to use it.
   */
  #openLeft(): void {
    if (this.#socket.isMounted && !this.#socket.navigation) this.#inbox.open();
    else this.end();
  }

  /**
   * Renders the page, replies to the join and starts to handle messages. It waits only for async hooks: a change in between
   * would not be rendered.
   */
  #acceptJoin(ref: string | null, patch: NavigationTarget | undefined): MaybePromise<void> {
    const { changed } = this.#socket;
    const page = this.#renderer.all();
    return then(afterRender(this.#socket, changed), () => {
      if (this.#hasLeft) return this.#inbox.open();
      const { maxPayload } = this.#services;
      const more = this.#renderer.titleAndEvents();
      this.#frames.joined(ref, { maxPayload, ...page, ...more, ...(patch && { patch }) });
      closeUnclaimed(this.#outbox.nested, this.topic);
      this.#endWaitForShown();
      return then(this.#finish(undefined), () => this.#inbox.open());
    });
  }

  /** The join, for the nested views. */
  get input(): ChannelInput {
    return this.#input;
  }

  /** The absolute URL of the view. */
  get url(): string {
    return this.#socket.url;
  }

  createNested(): NestedViews {
    this.#outbox.nested ??= new Map();
    return new NestedViews(this, this.#outbox.nested, (id) =>
      this.#services.nestedElement(id, this.#input),
    );
  }

  /** Returns a nested view that this view shows. */
  nestedView(id: string): NestedView | undefined {
    return this.#socket.nested?.find(id);
  }

  /** Calls a function when the browser has been sent the view, or the view has ended before. */
  whenShown(listener: () => void): void {
    if (this.#isShown) listener();
    else {
      this.#onShown ??= [];
      this.#onShown.push(listener);
    }
  }

  #endWaitForShown(): void {
    const listeners = this.#onShown ?? [];
    this.#isShown = true;
    this.#onShown = undefined;
    for (const listener of listeners) listener();
  }

  follow(target: PageTarget): void {
    if (this.#hasLeft) return;
    const { nested } = this.#input;
    if (nested) nested.view?.parent?.follow(target);
    else {
      const { reason, ...destination } = target;
      this.#frames.push(reason, destination);
      this.#leaveWithBrowser();
      this.#endSticky(target);
    }
  }

  /** Ends the sticky views if the browser loads the other page, because no view of this topic can show them then. */
  #endSticky({ reason }: PageTarget): void {
    if (reason === "redirect") closeUnclaimed(this.#outbox.nested, this.topic);
  }

  /** The number of messages that wait behind the current one. */
  get waiting(): number {
    return this.#inbox.waiting;
  }

  get joinRef(): string | null {
    return this.#joinRef;
  }

  /** Whether no message is being handled and none waits. */
  get isIdle(): boolean {
    return this.#inbox.isIdle;
  }

  /** The keys of the view's running tasks. */
  get tasks(): readonly string[] {
    return this.#inbox.taskKeys;
  }

  /** The size of the browser's frames that wait or are being handled, in bytes. */
  get waitingBytes(): number {
    return this.#inbox.waitingBytes + (this.#socket.uploads?.waitingBytes ?? 0);
  }

  /** Whether the view has files that are being received or that it has not consumed. */
  get hasFiles(): boolean {
    return this.#socket.uploads?.hasFiles ?? false;
  }

  get #hasLeft(): boolean {
    return this.#leaveReason !== undefined;
  }

  /** Whether the view has navigated the browser away, which has not left it yet and may have sent more. */
  get awaitsBrowser(): boolean {
    return this.#awaitsBrowser;
  }

  /** Accepts an event of the browser. */
  event(ref: string | null, event: string, payload: unknown, bytes = 0): void {
    this.#inbox.push({ type: "event", ref, event, payload, bytes });
  }

  /** Accepts a patch that the browser requests. */
  patch(ref: string | null, url: string, bytes = 0): void {
    this.#inbox.push({ type: "patch", ref, url, bytes });
  }

  /**
   * Accepts a part of a file, and replies when it is stored. It does not wait for the messages of the view, and they do not
   * wait for it.
   */
  async chunk(ref: string, payload: Uint8Array): Promise<void> {
    const reason = this.#socket.uploads ? await this.#socket.uploads.receive(payload) : "unknown";
    if (this.#hasLeft) return;
    if (reason === undefined) this.#frames.answer(ref, {});
    else this.#frames.refusedChunk(ref, reason);
  }

  /**
   * Ends the view after it has handled what the browser had already sent, within limits. From now on it sends nothing to
   * the browser.
   */
  leave(reason: UnmountReason): void {
    if (this.#leaveReason && !this.#awaitsBrowser) return;
    this.#awaitsBrowser = false;
    this.#inbox.refuseFrames();
    if (!this.#leaveReason) this.#stop(reason);
    if (this.#inbox.isIdle) this.end(reason);
    else this.#endLater();
  }

  /** Ends the view as {@link leave} does, but not before the browser has left it, in response to a navigation. */
  #leaveWithBrowser(): void {
    if (this.#leaveReason) return;
    this.#awaitsBrowser = true;
    this.#stop("navigate");
    this.#endLater();
  }

  #endLater(): void {
    this.#leaveTimer ??= setTimeout(() => this.giveUp(), this.#services.leaving.ms).unref();
    this.#inbox.wake();
  }

  /** Ends the view immediately, without handling the messages that wait. */
  end(reason: UnmountReason = "disconnect"): void {
    if (this.#ended) return;
    this.#awaitsBrowser = false;
    if (!this.#leaveReason) this.#stop(reason);
    this.#ended = true;
    clearTimeout(this.#leaveTimer);
    this.#inbox.close();
    this.#renderer.end();
    this.#unmount(this.#leaveReason ?? reason);
    // After these, the browser joins the view again and continues its uploads.
    const mayContinue = ["disconnect", "crash"].includes(this.#leaveReason ?? reason);
    this.#socket.uploads?.close(mayContinue);
    this.#listener.handleEnded(this);
  }

  /** Ends everything that the view receives and sends, except what waits in its mailbox. */
  #stop(reason: UnmountReason): void {
    this.#leaveReason = reason;
    this.#acks.clear();
    this.#context.runInAsyncScope(() => {
      this.#inbox.leave(this.#awaitsBrowser);
      this.#socket.disconnect();
    });
    this.#leaveNested(reason);
    this.#listener.handleLeft(this);
    this.#endWaitForShown();
  }

  /**
   * Ends the views inside this one, except those that the next view of the topic may show. A connection that has ended ends all of
   * its views itself, so that the browser joins them again.
   */
  #leaveNested(reason: UnmountReason): void {
    if (reason !== "disconnect")
      this.#socket.nested?.end(({ sticky }) => sticky || reason === "crash");
    const nested = this.#input.nested?.view;
    if (nested?.running === this) {
      nested.running = undefined;
      if (!nested.parent) this.#outbox.nested?.delete(nested.id);
    }
  }

  /** Ends a view that was left although messages of its browser wait, because a limit is exceeded, and reports that. */
  giveUp(): void {
    const lost = this.#inbox.waitingFrames;
    this.end("leave");
    if (lost === 0) return;
    const { messages, ms } = this.#services.leaving;
    const error = new LiveError(
      "LIVE_ERR_LEFT",
      `${this.#socket.view.name} was left and did not handle all messages of its browser`,
      {
        expected: `at most ${messages} messages within ${ms} ms`,
        gotText: `${lost} messages left`,
      },
    );
    this.#services.onError(error, this.topic);
  }

  #unmount(reason: UnmountReason): void {
    this.#context.runInAsyncScope(() => {
      this.#socket.unmounts ??= new Unmounts();
      this.#socket.unmounts.run(reason, (error) => this.#report(error));
    });
  }

  /** Ends the view and notifies the browser, which left or joined the topic again. */
  close(): void {
    this.leave("leave");
    this.#frames.ended("phx_close");
  }

  subscribe(topic: string | MessageSource, options?: TopicOptions): () => void {
    return this.#inbox.subscribe(topic, options);
  }

  broadcast(topic: string, message: unknown, options?: BroadcastOptions): void {
    if (!this.#waitingBroadcasts) this.#inbox.broadcast(topic, message, options);
    else {
      checkMessage(topic, message);
      this.#waitingBroadcasts.push({ topic, message, options });
    }
  }

  send(message: unknown, options?: SendOptions, receive?: Receiver): void {
    this.#inbox.send(message, options, receive);
  }

  startTask(key: string, run: Task, done: EndedTask["done"]): void {
    this.#inbox.startTask(key, run, done);
  }

  changed(): void {
    this.#inbox.wakeIdle();
  }

  overflow(): void {
    this.#outbox.overflow("messages wait for a view");
  }

  failLate(error: unknown): void {
    this.#report(error);
  }

  handle(item: InboxItem): MaybePromise<void> {
    return this.#context.runInAsyncScope(this.#handleItem, this, item);
  }

  /** Handles a message. A callback that the view's own signal has cancelled counts as handled. */
  #handleItem(item: InboxItem): MaybePromise<void> {
    if (this.#hasLeft && !this.#mayHandleAfterLeave(item)) return;
    try {
      const handled = isItemTraced(item) ? this.#traceItem(item) : this.#handle(item);
      return isThenable(handled)
        ? handled.then(undefined, (error) => this.#ignoreCancelled(error))
        : handled;
    } catch (error) {
      return this.#ignoreCancelled(error);
    }
  }

  /** Whether a view that was left handles a message. Above the limit of such messages, the view ends. */
  #mayHandleAfterLeave(item: InboxItem): boolean {
    if (!isHandledAfterLeave(item)) return false;
    const isWithinLimit = this.#inbox.countAfterLeave();
    if (!isWithinLimit) this.giveUp();
    return isWithinLimit;
  }

  #traceItem(item: TracedItem): MaybePromise<void> {
    const event =
      item.type === "event" ? item.event : item.type === "async" ? item.task.key : undefined;
    return trace(channels[item.type], traceOf(this.#socket, event), () => this.#handle(item));
  }

  #handle(item: InboxItem): MaybePromise<void> {
    this.#socket.freshFlash = noFlash;
    if ("bytes" in item) this.#inbox.begin();
    switch (item.type) {
      case "event": {
        const reply = handleEvent(this.#socket, item.event, item.payload);
        return isThenable(reply)
          ? reply.then((value) => this.#frameHandled(item, value))
          : this.#frameHandled(item, reply);
      }
      case "patch": {
        const done = runBrowserPatch(this.#socket, this.#services.router, item.url);
        return then(done, () => this.#frameHandled(item, undefined));
      }
      case "info": {
        const done = this.#handleInfo(item);
        return isThenable(done)
          ? done.then(() => this.#infoHandled(item))
          : this.#infoHandled(item);
      }
      case "mark":
        return item.onHandled();
      case "async":
        return then(
          this.#inbox.handleTask(item.task, (key, outcome) =>
            handleAsync(this.#socket, key, outcome),
          ),
          () => this.#handled(undefined, undefined),
        );
    }
  }

  #frameHandled(item: FrameItem, reply: Reply | undefined): MaybePromise<void> {
    this.#inbox.finish(item);
    return this.#handled(item.ref, reply);
  }

  #infoHandled({ onHandled }: Extract<InboxItem, { type: "info" }>): MaybePromise<void> {
    onHandled?.();
    return this.#handled(undefined, undefined);
  }

  #handleInfo({ message, topic, id, receive }: Extract<InboxItem, { type: "info" }>) {
    return receive ? receive(message, topic, id) : handleInfo(this.#socket, message, topic, id);
  }

  settle(): MaybePromise<void> {
    const isRenderTraced = this.#socket.changed.size > 0 && isTraced(channels.render);
    const settle = isRenderTraced ? this.#traceSettle : this.#settle;
    return this.#context.runInAsyncScope(settle, this);
  }

  #traceSettle(): MaybePromise<void> {
    const message = traceOf(this.#socket);
    return trace<LiveTrace, void>(channels.render, message, () =>
      measure(this.#outbox, message, () => this.#settle()),
    );
  }

  mark(): void {
    this.#renderer.mark();
  }

  settleMarked(): void {
    if (this.#hasLeft || !this.#outbox.writable) return;
    this.#flush(this.#context.runInAsyncScope(this.#renderer.changesAtMark, this.#renderer));
  }

  #settle(): MaybePromise<void> {
    if (this.#hasLeft) {
      if (this.#inbox.isEmpty && !this.#awaitsBrowser) this.end("leave");
      return;
    }
    if (!this.#outbox.writable) {
      this.#waitForDrain();
      return;
    }
    const changed = this.#renderer.takeChanged();
    const update = this.#renderer.changes();
    const hooks = changed.size > 0 ? afterRender(this.#socket, changed) : undefined;
    const rendered = this.#socket.components?.takeRendered();
    const done = rendered?.length ? then(hooks, () => afterComponentsRender(rendered)) : hooks;
    return isThenable(done) ? done.then(() => this.#finish(update)) : this.#finish(update);
  }

  fail(error: unknown): void {
    this.#context.runInAsyncScope(this.#failAndNotify, this, error);
  }

  #failAndNotify(error: unknown): void {
    const hasLeft = this.#hasLeft;
    this.#fail(error);
    if (!hasLeft) this.#frames.ended("phx_error");
  }

  #fail(error: unknown): void {
    this.end("crash");
    this.#report(error);
  }

  /** Reports an error to the app, even after the view has ended. */
  #report(error: unknown): void {
    if (!this.#isCancelled(error)) this.#services.onError(error, this.topic);
  }

  /** Whether an error has been caused by the signal of the view. */
  #isCancelled(error: unknown): boolean {
    return this.#hasLeft && (Object(error) as { name?: unknown }).name === "AbortError";
  }

  #ignoreCancelled(error: unknown): void {
    if (!this.#isCancelled(error)) throw error;
  }

  /** Sends the result of a render, then follows a navigation of an `afterRender` hook. */
  #finish(update: Update | undefined): MaybePromise<void> {
    if (this.#hasLeft) return;
    this.#flush(this.#renderer.withTitleAndEvents(update));
    // A message of a hook is shown immediately. If the hook puts one at every render, only the first causes another
    // render; otherwise the renders would never stop.
    const shows = this.#socket.changed.has("flash") && !this.#showsFlash;
    this.#showsFlash = shows;
    if (shows) this.#inbox.wake();
    this.#hookPatches = countHookPatches(this.#hookPatches, this.#socket);
    if (!this.#socket.navigation) return;
    return then(this.#handled(undefined, undefined), () => this.#inbox.wake());
  }

  /**
   * Follows the navigation of a callback and stores its reply until the next render.
   *
   * @param ref the ref of the browser's message; `undefined` for other messages, which have no reply
   */
  #handled(ref: string | null | undefined, reply: Reply | undefined): MaybePromise<void> {
    if (this.#hasLeft) {
      this.#socket.takeNavigation();
      return;
    }
    if (!this.#socket.navigation) {
      if (ref !== undefined) this.#acks.add(ref, reply);
      if (this.#acks.size > this.#services.maxMailbox)
        this.#outbox.overflow("replies wait for a slow reader");
      return;
    }
    return then(followPatches(this.#socket, this.#services.router), (patch) => {
      if (this.#hasLeft) return;
      const away = this.#socket.takeNavigation();
      if (away) this.#navigateAway(ref, reply, away as Destination);
      else if (ref !== undefined) this.#acks.add(ref, reply, patch);
      else if (patch) this.#frames.push("live_patch", patch);
    });
  }

  /** Sends an update with the first waiting reply, or as its own frame. */
  #flush(update: Update | undefined): void {
    const replied = this.#acks.flush(update, this.#frames);
    if (!replied && update) this.#frames.update(update);
    this.#socket.nested?.closeDropped();
  }

  /** Sends the events pushed so far, navigates the browser away and ends the view. */
  #navigateAway(ref: string | null | undefined, reply: Reply | undefined, to: Destination): void {
    const { events } = this.#socket;
    const target = this.#toRefusal(to);
    const { reason, ...destination } = target;
    const { nested } = this.#input;
    const kept = this.#renderer.changesOfKept();
    const update: Update = { ...(events.length > 0 && { events }), ...(kept && { kept }) };
    if (ref === undefined) {
      this.#flush(events.length > 0 || kept ? update : undefined);
      if (!nested) this.#frames.push(reason, destination);
    } else {
      this.#flush(undefined);
      const response: EventReply = {
        ...update,
        ...(reply && { reply: reply.value }),
        ...(!nested && { [reason]: destination }),
      };
      this.#frames.answer(ref, response);
    }
    if (nested) nested.view?.parent?.follow(target);
    else {
      this.#leaveWithBrowser();
      this.#endSticky(target);
    }
  }

  #toRefusal(to: Destination): PageTarget {
    const { freshFlash } = this.#socket;
    const carried = isSameFlash(freshFlash, noFlash)
      ? {}
      : { flash: this.#services.signFlash(freshFlash) };
    const target = withBase(to.to, this.#socket.base, this.#services.router);
    return to.type === "redirect"
      ? { reason: "redirect", to: target, ...carried }
      : { reason: "live_redirect", to: target, kind: to.kind, ...carried };
  }

  /** Ends a view whose mount navigates. The page of a nested view navigates instead of it. */
  #refuseWithTarget(ref: string | null, target: PageTarget): void {
    const { events } = this.#socket;
    const { nested } = this.#input;
    const refusal: JoinRefusal = nested
      ? { reason: "busy" }
      : { ...target, ...(events.length > 0 && { events }) };
    this.#frames.refused(ref, refusal);
    this.end("navigate");
    this.#endSticky(target);
    nested?.view?.parent?.follow(target);
  }

  #waitForDrain(): void {
    if (this.#socket.events.length > this.#services.maxMailbox) {
      this.#outbox.overflow("events wait for a slow reader");
    }
    if (this.#waitsForDrain) return;
    this.#waitsForDrain = true;
    this.#outbox.onDrain(() => {
      this.#waitsForDrain = false;
      this.#inbox.wake();
    });
  }
}

/** The messages that have a tracing channel. Patches are traced by `handleParams`. */
type TracedItem = Exclude<InboxItem, { readonly type: "patch" | "mark" }>;

const isItemTraced = (item: InboxItem): item is TracedItem =>
  item.type !== "patch" && item.type !== "mark" && isTraced(channels[item.type]);

/** Whether an error has a 4xx status, as `ctx.throw(404)` does. A page load shows the matching error page. */
const isHttpError = (error: unknown): boolean => {
  const { status } = Object(error) as { status?: unknown };
  return typeof status === "number" && status >= 400 && status < 500;
};
