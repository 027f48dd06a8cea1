import { LiveErrorEvent } from "../../events.js";
import {
  type EventReply,
  type JoinPayload,
  type JoinRefusal,
  type JoinReply,
  type RedirectTarget,
  version,
} from "../../protocol/index.js";
import type { BindingTarget, Settle } from "../bindings/binder.js";
import { Bindings } from "../bindings/bindings.js";
import { useLazyModule } from "../bindings/lazy-module.js";
import {
  Channel,
  type ChannelHandler,
  notConnectedError,
  type PushError,
} from "../connection/channel.js";
import type { LiveSocket } from "../connection/live-socket.js";
import { HistoryEntries } from "../navigation/history-entries.js";
import { LoadingEvents } from "../navigation/loading-events.js";
import { Navigation, type VisitedView } from "../navigation/navigation.js";
import { forgetReloads, reloadDelayMs, reloadPage } from "../navigation/reload-page.js";
import type { Visit, VisitOptions } from "../navigation/visit.js";
import { Content } from "./content.js";
import { Rejoin } from "./rejoin.js";
import type { ViewHost, ViewOptions } from "./view-options.js";
import { ViewSwap } from "./view-swap.js";

// After this many failed joins the cause is probably the page rather than the view, and a fresh page may help.
const failuresBeforeReload = 3;

// The time that the browser has to leave the page. A page that is still there is joined again.
const leavingMs = 5000;

/** A live view in the page, from its first join to its end, across rejoins and live navigations. */
export class View implements ChannelHandler, VisitedView, BindingTarget {
  readonly element: ViewHost;
  readonly loading: LoadingEvents;
  readonly navigation: Navigation;
  readonly bindings: Bindings;
  navigations = 0;
  readonly #options: ViewOptions;
  readonly #liveSocket: LiveSocket;
  readonly #content: Content;
  readonly #rejoin: Rejoin;
  readonly #history: HistoryEntries | undefined;
  readonly #swap = new ViewSwap();
  #channel: Channel;
  #attempts = 0;
  #isClosed = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Joins the view. From now on the view owns its use of the live socket and closes it. */
  constructor(element: ViewHost, liveSocket: LiveSocket, options: ViewOptions) {
    this.element = element;
    this.#liveSocket = liveSocket;
    this.#options = options;
    this.#content = new Content(element, options);
    this.bindings = new Bindings(element, this, options.isMain);
    this.#rejoin = new Rejoin(this, this.#content, this.bindings.input);
    this.#history = options.isMain ? new HistoryEntries() : undefined;
    addEventListener("pageshow", this.#handlePageShow);
    this.loading = new LoadingEvents(element);
    this.navigation = new Navigation(this, options, this.#history);
    this.loading.start("initial", options.url);
    this.#channel = this.#join();
  }

  get isJoined(): boolean {
    return this.#channel.isJoined && !this.#swap.isPending;
  }

  get isOnline(): boolean {
    return this.#liveSocket.socket.isConnected();
  }

  get baseUrl(): string {
    return this.#options.isMain ? document.baseURI : this.navigation.url;
  }

  /**
   * Sends an event to the view and resolves with the handler's reply. Calls `settle` before the answer is shown, or
   * when there will be no answer.
   */
  async pushEvent(
    type: string,
    event: string,
    value: unknown,
    settle: Settle = () => {},
  ): Promise<unknown> {
    try {
      // Drops a click during the swap: the user has aimed at the old view, and the server runs the new one.
      if (this.#swap.isPending) throw notConnectedError();
      const { reply } = await this.#channel.send("event", { type, event, value }, (reply) => {
        settle(true);
        this.handleUpdate(reply);
      });
      return reply ?? {};
    } catch (error) {
      settle(false);
      const { code, message } = error as PushError;
      if (code === "LIVE_ERR_TIMEOUT") this.#reloadLater();
      // Bindings drop the rejection, and the status stays "connected": only this event informs the page.
      if (code === "LIVE_ERR_TOO_LARGE") this.bindings.fail(code, message);
      throw error;
    }
  }

  visit(to: string, options: VisitOptions): void {
    this.navigation.visit(to, options);
  }

  perform(visit: Visit): void {
    const stopLoading = this.loading.start(visit.patch ? "patch" : "redirect", visit.href);
    if (visit.patch) this.#patch(visit, stopLoading);
    else this.#navigate(visit);
  }

  /**
   * Leaves the view and closes the connection, because a form or the view sends the browser to another page. A
   * disconnect that the other page causes, such as a logout, must not cause another navigation. If the page stays, as
   * for a download, the view is joined again.
   */
  unload(): void {
    this.#cancelTimer();
    this.#channel.leave();
    this.#liveSocket.socket.disconnect();
    this.#later(() => this.#resume(), leavingMs);
  }

  /** Leaves the view and the connection. */
  close(): void {
    if (this.#isClosed) return;
    this.#swap.flush();
    this.#rejoin.cancel();
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
      useLazyModule(this.element, import("./version-warning.js"), ({ warnAboutVersions }) =>
        warnAboutVersions(reply.version, version),
      );
    }
    this.#cancelTimer();
    this.#attempts = 0;
    const container = this.element.mounts++ > 0 ? this.#options.container : undefined;
    if (this.#options.isMain) forgetReloads();
    this.#history?.start();
    pending?.arrive();
    this.element.status = "connected";
    const show = (): void => {
      this.guard(() => this.#rejoin.mount(reply, container));
      this.loading.stop();
      pending?.finish();
      if (reply.patch) this.navigation.handlePatched(reply.patch);
    };
    if (pending) this.#swap.start(show, pending.startTransition);
    else show();
  }

  handleUpdate(update: EventReply): void {
    const { redirect, live_redirect, live_patch } = update;
    this.#swap.flush();
    const isApplied = this.guard(() => this.#content.update(update));
    const target = redirect ?? live_redirect;
    if (target) {
      if (this.navigation.follow(target)) return;
      this.unload();
      this.navigation.redirect(target);
    } else {
      if (live_patch) this.navigation.handlePatched(live_patch);
      if (isApplied) this.bindings.input.update();
      // The page and the server now have different trees; a join sends the whole tree.
      else this.#joinAgain();
    }
  }

  handleRefusal(refusal: JoinRefusal): void {
    const target = "to" in refusal ? refusal : undefined;
    // Dispatches the events that the mount pushed before it redirected.
    if (target) this.#content.update(target);
    if (target && this.navigation.follow(target)) return;
    if (target || refusal.reason === "stale" || refusal.reason === "unauthorized") {
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
    this.#swap.flush();
    this.#rejoin.cancel(cause === "crashed");
    if (cause === "crashed") this.#fail("LIVE_ERR_CRASHED", "the view crashed");
    else this.element.status = "disconnected";
    if (cause !== "closed") this.loading.start("error", this.navigation.url);
  }

  /** Calls a function that renders; if it throws, reports the error and returns false. */
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

  #patch(visit: Visit, stopLoading: () => void): void {
    const handleReply = (reply: EventReply): void => {
      const isStaying = visit.isCurrent() && !reply.redirect && !reply.live_redirect;
      if (isStaying) visit.arrive();
      this.handleUpdate(reply);
      if (isStaying) visit.finish();
    };
    const handleFailure = ({ code }: PushError): void => {
      if (visit.isCurrent() && code === "LIVE_ERR_NOT_CONNECTED") visit.joinLater();
      else if (visit.isCurrent() && this.#options.isMain) visit.load();
      else stopLoading();
    };
    this.#channel
      .send("live_patch", { url: visit.href }, handleReply)
      .then(stopLoading, handleFailure);
  }

  /** Leaves the view and joins the one at the URL of the visit. */
  #navigate({ href }: Visit): void {
    this.#swap.flush();
    this.#rejoin.cancel();
    this.element.mounts = 0;
    this.#attempts = 0;
    this.navigations++;
    this.loading.start("initial", href);
    this.#joinAgain();
  }

  #join(): Channel {
    return new Channel(this.#liveSocket.socket, `lv:${this.#options.id}`, this);
  }

  #joinAgain(): void {
    this.#cancelTimer();
    this.#channel.leave();
    this.#channel = this.#join();
  }

  /** The back-forward cache may restore a page that was being left, or whose user has logged out since. */
  readonly #handlePageShow = ({ persisted }: PageTransitionEvent): void => {
    if (persisted) this.#resume();
  };

  /** Connects and joins the view again in a page that was being left. */
  #resume(): void {
    this.navigation.cancel();
    this.loading.stop();
    this.#liveSocket.socket.connect();
    this.#joinAgain();
  }

  /** Starts the timer. While it runs, later calls are ignored. */
  #later(act: () => void, ms: number): void {
    this.#timer ??= setTimeout(act, ms);
  }

  #cancelTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #reloadLater(): void {
    // A reload without a network would lose the page. When the network is back, the view is joined again anyway.
    this.#later(() => (this.isOnline ? this.#reload() : this.#cancelTimer()), reloadDelayMs());
  }

  /** Loads the page again, or loads the page that the view has redirected to. */
  #reload(target?: RedirectTarget): void {
    const { pending } = this.navigation;
    if (!this.#options.isMain) this.element.handleStale();
    else if (pending && !target) pending.load();
    else if (!reloadPage(target && (() => this.navigation.redirect(target)))) {
      this.#fail("LIVE_ERR_STALE", "the view could not be joined after several loads");
    }
  }

  #fail(code: string, message: string): void {
    this.element.status = "error";
    this.element.dispatchEvent(new LiveErrorEvent(code, message));
  }
}
