import { LiveErrorEvent } from "../../events.js";
import {
  type EventReply,
  type JoinPayload,
  type JoinRefusal,
  type JoinReply,
  type RedirectTarget,
  version,
} from "../../protocol/index.js";
import type { BindingTarget } from "../bindings/binder.js";
import { Bindings } from "../bindings/bindings.js";
import { useLazyModule } from "../bindings/lazy-module.js";
import {
  Channel,
  type ChannelHandler,
  notConnected,
  type PushError,
  pushError,
} from "../connection/channel.js";
import type { LiveSocket } from "../connection/live-socket.js";
import { HistoryEntries } from "../navigation/history-entries.js";
import { LoadingEvents } from "../navigation/loading-events.js";
import { type NavigatingView, Navigation } from "../navigation/navigation.js";
import { forgetReloads, reloadDelayMs, reloadPage } from "../navigation/page-load.js";
import type { VisitOptions } from "../navigation/visit.js";
import { Content } from "./content.js";
import { Rejoin } from "./rejoin.js";
import type { ViewHost, ViewOptions } from "./view-options.js";
import { ViewSwap } from "./view-swap.js";

// After so many the fault is likely not the view's but the page's, and a fresh page may cure it.
const failuresBeforeReload = 3;

// How long a page that is being left may take to go.
const leavingMs = 5000;

/** A live view in the page, from its first join to its end, across rejoins and live navigations. */
export class View implements ChannelHandler, NavigatingView, BindingTarget {
  readonly element: ViewHost;
  readonly loading: LoadingEvents;
  readonly navigation: Navigation;
  readonly #options: ViewOptions;
  readonly #liveSocket: LiveSocket;
  readonly #content: Content;
  readonly bindings: Bindings;
  readonly #rejoining: Rejoin;
  readonly #history: HistoryEntries | undefined;
  readonly #transition: ViewSwap;
  #channel: Channel;
  #attempts = 0;
  navigations = 0;
  #isClosed = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Joins the view. The live socket is the view's from here on. */
  constructor(element: ViewHost, liveSocket: LiveSocket, options: ViewOptions) {
    this.element = element;
    this.#liveSocket = liveSocket;
    this.#options = options;
    this.#content = new Content(element, options);
    this.bindings = new Bindings(element, this, options.isMain);
    this.#rejoining = new Rejoin(this, this.#content, this.bindings.input);
    this.#history = options.isMain ? new HistoryEntries() : undefined;
    addEventListener("pageshow", this.#handlePageShow);
    this.loading = new LoadingEvents(element);
    this.#transition = new ViewSwap((update, visit) =>
      this.navigation.page?.transition(update, visit),
    );
    this.navigation = new Navigation(this, options, this.#history);
    this.loading.start("initial", options.url);
    this.#channel = this.#join();
  }

  get isJoined(): boolean {
    return this.#channel.isJoined && !this.#transition.isPending;
  }

  get isOnline(): boolean {
    return this.#liveSocket.socket.isConnected();
  }

  get baseUrl(): string {
    return this.#options.isMain ? document.baseURI : this.navigation.url;
  }

  /**
   * Sends an event to the view; gives the handler's reply. `settle` is called before the answer is shown, or when
   * there will be none.
   */
  async pushEvent(
    type: string,
    event: string,
    value: unknown,
    settle = () => {},
  ): Promise<unknown> {
    try {
      // What is clicked while a page makes room for the next is meant for neither.
      if (this.#transition.isPending) throw pushError(...notConnected);
      const { reply } = await this.#channel.send("event", { type, event, value }, (reply) => {
        settle();
        this.handleUpdate(reply);
      });
      return reply ?? {};
    } catch (error) {
      settle();
      const { code, message } = error as PushError;
      if (code === "LIVE_ERR_TIMEOUT") this.#reloadLater();
      // Who typed so much has no status to tell it by.
      if (code === "LIVE_ERR_TOO_LARGE") this.bindings.fail(code, message);
      throw error;
    }
  }

  sendPatch(url: string, handleReply: (reply: EventReply) => void): Promise<unknown> {
    return this.#channel.send("live_patch", { url }, handleReply);
  }

  visit(to: string, options: VisitOptions): void {
    this.navigation.visit(to, options);
  }

  joinAnew(href: string): void {
    this.#transition.flush();
    this.#rejoining.cancel();
    this.element.mounts = 0;
    this.#attempts = 0;
    this.navigations++;
    this.loading.start("initial", href);
    this.#rejoin();
  }

  /**
   * Leaves the view and closes the connection, since a form or the view takes the browser elsewhere: whatever
   * that does to the connection must not lead elsewhere too. A page that stays, as for a download, is joined
   * again.
   */
  unload(): void {
    this.#cancelTimer();
    this.#channel.leave();
    this.#liveSocket.socket.disconnect();
    this.#later(() => this.#return(), leavingMs);
  }

  /** Leaves the view and the connection. */
  close(): void {
    if (this.#isClosed) return;
    this.#transition.flush();
    this.#rejoining.cancel();
    this.#isClosed = true;
    this.bindings.close();
    this.#cancelTimer();
    removeEventListener("pageshow", this.#handlePageShow);
    this.#channel.leave();
    this.navigation.close();
    this.loading.stop();
    this.#liveSocket.close();
  }

  joinPayload(): JoinPayload {
    const { token, csrfToken } = this.#options;
    const { pending, url } = this.navigation;
    return {
      token,
      url,
      redirect: pending?.href,
      flash: pending?.flash,
      params: {
        ...this.element.connectParams?.(),
        _csrf_token: csrfToken,
        _mounts: this.element.mounts,
        _attempts: this.#attempts++,
        _navigations: this.navigations,
      },
    };
  }

  handleJoin(reply: JoinReply): void {
    const { pending } = this.navigation;
    if (reply.version !== version) {
      useLazyModule(this.element, import("./version-warning.js"), (part) =>
        part.warnAboutVersions(reply.version, version),
      );
    }
    this.#cancelTimer();
    this.#attempts = 0;
    const container = this.element.mounts++ > 0 ? this.#options.container : undefined;
    if (this.#options.isMain) forgetReloads();
    this.#history?.start();
    if (pending) this.navigation.arrive(pending);
    this.element.status = "connected";
    const show = (): void => {
      this.guard(() => this.#rejoining.mount(reply, container));
      this.loading.stop();
      if (pending) this.navigation.finish(pending);
      if (reply.patch) this.navigation.handlePatched(reply.patch);
    };
    if (pending) this.#transition.start(show, pending);
    else show();
  }

  handleUpdate(update: EventReply): void {
    const { redirect, live_redirect, live_patch } = update;
    this.#transition.flush();
    const isApplied = this.guard(() => this.#content.update(update));
    const target = redirect ?? live_redirect;
    if (target) {
      if (this.navigation.follow(target)) return;
      this.unload();
      this.navigation.redirect(target);
    } else {
      if (live_patch) this.navigation.handlePatched(live_patch);
      if (isApplied) this.bindings.input.update();
      // What the page shows is no longer what the server thinks; a join brings the whole view.
      else this.#rejoin();
    }
  }

  handleRefusal(refusal: JoinRefusal): void {
    const target = "to" in refusal ? refusal : undefined;
    // The events that a mount pushed before it led elsewhere.
    if (target) this.#content.update(target);
    if (target && this.navigation.follow(target)) return;
    if (target || ["stale", "unauthorized"].includes(refusal.reason)) {
      this.#channel.leave();
      this.#reload(target);
    } else {
      this.#fail("LIVE_ERR_JOIN_FAILED", "the view could not be joined");
      this.loading.start("error", this.navigation.url);
      const { isMain } = this.#options;
      if (isMain && this.#attempts >= (this.navigation.pending ? 1 : failuresBeforeReload)) {
        this.#reloadLater();
      }
    }
  }

  handleDown(cause: "crashed" | "disconnected" | "closed"): void {
    this.#transition.flush();
    this.#rejoining.cancel(cause === "crashed");
    if (cause === "crashed") this.#fail("LIVE_ERR_CRASHED", "the view crashed");
    else this.element.status = "disconnected";
    if (cause !== "closed") this.loading.start("error", this.navigation.url);
  }

  #join(): Channel {
    return new Channel(this.#liveSocket.socket, `lv:${this.#options.id}`, this);
  }

  #rejoin(): void {
    this.#cancelTimer();
    this.#channel.leave();
    this.#channel = this.#join();
  }

  /** A page that the browser had kept may have been on its way elsewhere, its visitor logged out since. */
  readonly #handlePageShow = ({ persisted }: PageTransitionEvent): void => {
    if (persisted) this.#return();
  };

  /** Takes up a page again that was to be left, where it stands. */
  #return(): void {
    this.navigation.cancel();
    this.loading.stop();
    this.#liveSocket.socket.connect();
    this.#rejoin();
  }

  /** Whoever comes first is not put off by what comes after. */
  #later(act: () => void, ms: number): void {
    this.#timer ??= setTimeout(act, ms);
  }

  #cancelTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #reloadLater(): void {
    // Without a network the page would be lost; with it the view is joined again, and that decides.
    this.#later(() => (this.isOnline ? this.#reload() : this.#cancelTimer()), reloadDelayMs());
  }

  /** Loads the page anew, or the one that the view is to be left for. */
  #reload(target?: RedirectTarget): void {
    if (!this.#options.isMain) this.element.handleStale();
    else if (this.navigation.pending && !target) this.navigation.loadPending();
    else if (!reloadPage(target && (() => this.navigation.redirect(target)))) {
      this.#fail("LIVE_ERR_STALE", "the view could not be joined after several loads");
    }
  }

  guard(apply: () => void): boolean {
    try {
      apply();
      return true;
    } catch (error) {
      const { code = "LIVE_ERR_RENDER", message } = error as { code?: string; message: string };
      this.#fail(code, message);
      return false;
    }
  }

  #fail(code: string, message: string): void {
    this.element.status = "error";
    this.element.dispatchEvent(new LiveErrorEvent(code, message));
  }
}
