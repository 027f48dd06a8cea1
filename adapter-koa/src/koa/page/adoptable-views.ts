import { isDeepStrictEqual } from "node:util";
import type { Message } from "@live-session/components/protocol";
import { Channel, type ChannelInput, type ChannelListener } from "../../live/runtime/channel.js";
import type { Outbox } from "../../live/runtime/outbox.js";
import { SentTemplates } from "../../render/sent-templates.js";
import type { LiveServices } from "../live-services.js";
import type { LiveLimits } from "../options.js";
import { disconnectTopic } from "../session/live-socket-id.js";

/** The mounted view of a page. It takes the place of the connection until a join adopts the view. */
export class AdoptableView implements Outbox, ChannelListener {
  readonly sentTemplates = new SentTemplates();
  readonly writable = false;
  readonly channel: Channel;
  readonly #input: ChannelInput;
  /** Until when a join may adopt the view, by the clock of `performance.now()`; 0 until the page is rendered. */
  expiresAt = 0;
  #isDropped = false;
  readonly #onEnd: (() => void)[] = [];

  /**
   * @param input the page, in the form of a join
   * @param liveSocketId the id of the HTTP session
   */
  constructor(
    input: ChannelInput,
    liveSocketId: string | number | undefined,
    services: LiveServices,
  ) {
    this.#input = input;
    this.channel = new Channel(input, services, this, this);
    this.#listenForDisconnect(liveSocketId, services);
  }

  get topic(): string {
    return this.#input.topic;
  }

  /** Whether no join can adopt the view anymore. */
  get isDropped(): boolean {
    return this.#isDropped;
  }

  /** Returns whether a join comes from the page of the view, with the HTTP session of its request. */
  isPageOf({ match, url, session, visitor, kept }: ChannelInput): boolean {
    const page = this.#input;
    return (
      visitor === page.visitor &&
      match.route === page.match.route &&
      pathOf(url) === pathOf(page.url) &&
      kept === undefined && // values that mount has not received
      isDeepStrictEqual(session, JSON.parse(JSON.stringify(page.session)))
    );
  }

  /** Calls a function when the view ends or is adopted. */
  onEnd(listener: () => void): void {
    this.#onEnd.push(listener);
  }

  /** Ends the view, because no join can adopt it anymore. While the page is being rendered, the view ends after that. */
  drop(): void {
    this.#isDropped = true;
    if (this.expiresAt > 0) this.channel.end("disconnect");
  }

  /** Gives the channel to a connection. */
  release(): Channel {
    this.#end();
    return this.channel;
  }

  /** More messages wait for the view than may. */
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
  send(_message: Message): void {}

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
  /** By topic, the oldest first. */
  readonly #views = new Map<string, AdoptableView>();
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(limits: Pick<LiveLimits, "adopt" | "adoptable">) {
    this.#limits = limits;
  }

  /** Keeps the view of a page that has been rendered until its join, at most for `limits.adopt`. */
  add(view: AdoptableView): void {
    view.expiresAt = performance.now() + this.#limits.adopt;
    if (this.#isClosed || view.isDropped) {
      view.drop();
      return;
    }
    this.#views.set(view.topic, view);
    view.onEnd(() => this.#views.delete(view.topic));
    if (this.#views.size > this.#limits.adoptable) this.#oldest?.drop();
    this.#timer ??= setTimeout(() => this.#dropExpired(), this.#limits.adopt).unref();
  }

  /** Removes and returns the channel that a join adopts. A join that may not adopt the view of its page ends that view. */
  take(join: ChannelInput): Channel | undefined {
    const view = this.#views.get(join.topic);
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

/** Returns path and query of a URL. The browser adds the fragment, and a proxy may change the origin. */
function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  return pathname + search;
}
