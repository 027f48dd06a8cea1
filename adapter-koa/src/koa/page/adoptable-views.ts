import { isDeepStrictEqual } from "node:util";
import type { Route } from "../../live/declarations/route.js";
import type { NestedUse } from "../../live/nested/nested-use.js";
import { Channel, type ChannelInput, type ChannelListener } from "../../live/runtime/channel.js";
import type { Outbox } from "../../live/runtime/outbox.js";
import type { ViewSocket } from "../../live/runtime/view-socket.js";
import type { UnmountReason } from "../../live/socket/unmount.js";
import { SentTemplates } from "../../render/sent-templates.js";
import type { LiveServices } from "../live-services.js";
import type { LiveLimits } from "../options.js";
import { disconnectTopic } from "../session/live-socket-id.js";
import { toNestedPage } from "./nested-join.js";

/**
 * The mounted view of a page, or a view inside it. It takes the place of the connection until a join adopts the view. A nested view
 * can be adopted only after the view that contains it.
 */
export class AdoptableView implements Outbox, ChannelListener {
  readonly sentTemplates = new SentTemplates();
  readonly writable = false;
  readonly channel: Channel;
  readonly #input: ChannelInput;
  readonly #liveSocketId: string | number | undefined;
  readonly #services: LiveServices;
  /** The view that contains it. */
  readonly #parent: Channel | undefined;
  readonly #inner: AdoptableView[] = [];
  /** The time until which a join may adopt the view, by the clock of `performance.now()`; 0 until the page is rendered. */
  expiresAt = 0;
  #isDropped = false;
  readonly #onEnd: (() => void)[] = [];

  /**
   * @param input the page, in the form of a join
   * @param liveSocketId the id of the HTTP session
   * @param parent the view that contains it
   */
  constructor(
    input: ChannelInput,
    liveSocketId: string | number | undefined,
    services: LiveServices,
    parent?: Channel,
  ) {
    this.#input = input;
    this.#liveSocketId = liveSocketId;
    this.#services = services;
    this.#parent = parent;
    this.channel = new Channel(input, services, this, this);
    this.#listenForDisconnect(liveSocketId, services);
  }

  /** See {@link keyOf}. */
  get key(): string {
    return keyOf(this.#input);
  }

  /** The views inside it. */
  get inner(): readonly AdoptableView[] {
    return this.#inner;
  }

  /** Whether a join can no longer adopt the view. */
  get isDropped(): boolean {
    return this.#isDropped;
  }

  /** Returns whether a join comes from the page of the view, with the HTTP session of its request. */
  isPageOf(join: ChannelInput): boolean {
    const page = this.#input;
    return (
      join.visitor === page.visitor &&
      isSameRoute(join.match.route, page.match.route) &&
      join.nested?.view?.parent === this.#parent &&
      pathOf(join.url) === pathOf(page.url) &&
      join.kept === undefined && // values that mount has not received
      isDeepStrictEqual(pageSessionOf(join), JSON.parse(JSON.stringify(pageSessionOf(page))))
    );
  }

  /** Adds a view that this view contains. */
  nest(use: NestedUse): AdoptableView {
    const input = toNestedPage(use, this.#input);
    const nested = new AdoptableView(input, this.#liveSocketId, this.#services, this.channel);
    this.#inner.push(nested);
    return nested;
  }

  /**
   * Mounts the view, which the caller renders.
   *
   * @throws the error of a hook or callback
   */
  mount(): Promise<ViewSocket> {
    return this.channel.mountPage(this.#input);
  }

  /** Ends the view and the views inside it. */
  end(reason: UnmountReason): void {
    for (const inner of this.#inner) inner.end(reason);
    this.channel.end(reason);
  }

  /** Calls a function when the view ends or is adopted. */
  onEnd(listener: () => void): void {
    this.#onEnd.push(listener);
  }

  /**
   * Ends the view and the views inside it, because a join can no longer adopt it. While the page is being rendered,
   * they end after that.
   */
  drop(): void {
    this.#isDropped = true;
    for (const inner of this.#inner) inner.drop();
    if (this.expiresAt > 0) this.channel.end("disconnect");
  }

  /** Gives the channel to a connection. */
  release(): Channel {
    this.#end();
    return this.channel;
  }

  /** Called when too many messages wait for the view. */
  overflow(): void {
    this.drop();
  }

  handleLeft(): void {
    this.#end();
  }

  handleEnded(): void {}

  /** Nothing is sent. */
  readonly sentBytes = 0;

  /** Sends nothing: a view without a browser does not render. */
  send(_frame: string): void {}

  onDrain(): void {}

  #end(): void {
    for (const listener of this.#onEnd.splice(0)) listener();
  }

  /** Ends the view with the sockets of its visitor, because `live.disconnect` means that hooks must run again. */
  #listenForDisconnect(id: string | number | undefined, { pubSub }: LiveServices): void {
    if (id === undefined) return;
    const drop = () => this.drop();
    this.onEnd(pubSub.subscribe(disconnectTopic(id), drop, { onFail: drop }));
  }
}

/** The views of pages whose join is expected, in live sessions with `adopt`. */
export class AdoptableViews {
  readonly #limits: Pick<LiveLimits, "adopt" | "adoptable">;
  /** By their keys, the oldest first. */
  readonly #views = new Map<string, AdoptableView>();
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(limits: Pick<LiveLimits, "adopt" | "adoptable">) {
    this.#limits = limits;
  }

  /** Keeps the view of a page that has been rendered, and the views inside it, until its join, at most for `limits.adopt`. */
  add(view: AdoptableView): void {
    this.#addOne(view);
    for (const inner of view.inner) this.add(inner);
  }

  #addOne(view: AdoptableView): void {
    view.expiresAt = performance.now() + this.#limits.adopt;
    if (this.#isClosed || view.isDropped) {
      view.drop();
      return;
    }
    this.#views.set(view.key, view);
    view.onEnd(() => this.#views.delete(view.key));
    if (this.#views.size > this.#limits.adoptable) this.#oldest?.drop();
    this.#timer ??= setTimeout(() => this.#dropExpired(), this.#limits.adopt).unref();
  }

  /** Removes and returns the channel that a join adopts. A join that may not adopt the view of its page ends that view. */
  take(join: ChannelInput): Channel | undefined {
    const view = this.#views.get(keyOf(join));
    if (view?.isPageOf(join)) return view.release();
    view?.drop();
    return undefined;
  }

  /** Ends all views. Those that are added later end at once. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    for (const view of [...this.#views.values()]) view.drop();
  }

  get #oldest(): AdoptableView | undefined {
    return this.#views.values().next().value;
  }

  #dropExpired(): void {
    const now = performance.now();
    for (let view = this.#oldest; view && view.expiresAt <= now; view = this.#oldest) view.drop();
    const wait = (this.#oldest?.expiresAt ?? 0) - now;
    this.#timer = wait > 0 ? setTimeout(() => this.#dropExpired(), wait).unref() : undefined;
  }
}

/** Returns what identifies a waiting view. The id of a nested view is unique only within its page. */
const keyOf = ({ topic, nested }: ChannelInput): string =>
  nested ? `${nested.pageTopic} ${topic}` : topic;

/** Returns the session data of the page, without that of nested views, which stays on the server. */
const pageSessionOf = ({ session, nested }: ChannelInput) => nested?.pageSession ?? session;

const isSameRoute = (a: Route, b: Route): boolean =>
  a.path === b.path && a.view === b.view && a.liveSession === b.liveSession;

/** Returns path and query of a URL. The browser adds the fragment, and a proxy may change the origin. */
function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  return pathname + search;
}
