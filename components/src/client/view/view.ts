import {
  type EventReply,
  type JoinPayload,
  type JoinRefusal,
  type JoinReply,
  type RedirectTarget,
  version,
} from "../../protocol/index.js";
import type { BindingTarget, SettleCallback } from "../bindings/binder.js";
import { Bindings } from "../bindings/bindings.js";
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
import type { Visit, VisitOptions } from "../navigation/visit.js";
import { Content } from "./content.js";
import { keep, takeStored } from "./kept.js";
import { Rejoin } from "./rejoin.js";
import type { ViewHost, ViewNavigation, ViewOptions } from "./view-options.js";
import { ViewSwap } from "./view-swap.js";

// After this many failed joins the cause is probably the page rather than the view, and a fresh page may help.
const failuresBeforeReload = 3;

// A navigation waits this long for the replies to earlier events.
const answerMs = 1000;

/** A live view in the page, from its first join to its end, across rejoins and live navigations. */
export class View implements ChannelHandler, VisitedView, BindingTarget {
  readonly element: ViewHost;
  readonly loading: LoadingEvents;
  readonly navigation: ViewNavigation;
  readonly bindings: Bindings;
  navigations = 0;
  readonly #options: ViewOptions;
  readonly socket: LiveSocket;
  readonly #content: Content;
  readonly #rejoin: Rejoin;
  /** The kept assigns, sealed by the server. */
  #kept: string | undefined;
  readonly #history: HistoryEntries | undefined;
  readonly #swap = new ViewSwap();
  #channel: Channel;
  #attempts = 0;
  /** Ends the loading event of a lost carrier. */
  #stopInterruption: (() => void) | undefined;
  #isClosed = false;
  /** Grows when the view is joined or ends. A reload that was planned before that is no longer necessary. */
  generation = 0;

  /** Joins the view. From now on the view owns its use of the live socket and closes it. */
  constructor(element: ViewHost, liveSocket: LiveSocket, options: ViewOptions) {
    this.element = element;
    this.socket = liveSocket;
    this.#options = options;
    this.#content = new Content(element, options);
    this.bindings = new Bindings(element, this, options.isMain);
    this.#rejoin = new Rejoin(this, this.#content, this.bindings.input);
    if (options.isMain) this.#kept = takeStored();
    this.#history = options.isMain ? new HistoryEntries() : undefined;
    addEventListener("pageshow", this.#handlePageShow);
    this.loading = new LoadingEvents(element);
    this.navigation = options.navigation ?? new Navigation(this, options, this.#history);
    this.loading.start("initial", options.url);
    this.#channel = this.#join();
  }

  get isJoined(): boolean {
    return this.#channel.isJoined && !this.#swap.isPending;
  }

  get isOnline(): boolean {
    return this.socket.connection.isOpen;
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
    settle?: SettleCallback,
  ): Promise<unknown> {
    try {
      // Drops a click during the swap: the user has aimed at the old view, and the server runs the new one.
      if (this.#swap.isPending) throw notConnectedError();
      const { reply } = await this.#channel.send("event", { type, event, value }, (reply) => {
        settle?.(true);
        // `<live-flash>` no longer reports that an earlier event was too large.
        this.element.dispatchEvent(new Event("live-answer"));
        this.handleUpdate(reply);
      });
      return reply ?? {};
    } catch (error) {
      settle?.(false);
      const { code, message } = error as PushError;
      if (code === "LIVE_ERR_TIMEOUT") void this.#reloadLater();
      // Bindings drop the rejection, and the status stays "connected": only this event informs the page.
      if (code === "LIVE_ERR_TOO_LARGE") this.bindings.fail(code, message);
      throw error;
    }
  }

  visit(to: string, options: VisitOptions): void {
    this.socket.leaving.stop();
    this.navigation.visit(to, options);
  }

  perform(visit: Visit): void {
    const stopLoading = this.loading.start(visit.patch ? "patch" : "redirect", visit.href);
    if (visit.patch) this.#patch(visit, stopLoading);
    else this.#navigate(visit);
    if (this.#options.isMain && this.isOnline)
      void this.socket.supervisor.then((supervisor) => supervisor.loadIfSilent(visit));
  }

  /** Called when a link, a form or the view sends the browser to another page. */
  unload(): void {
    this.socket.leaving.start();
  }

  /** Reloads the page, which then requests the present files of the client. */
  async handleMissingModule(): Promise<void> {
    const { pageLoads } = await this.socket.supervisor;
    if (this.#options.isMain && !this.#isClosed) await pageLoads.reloadForModule(this.href);
  }

  /** Leaves the view and the connection. */
  close(): void {
    if (this.#isClosed) return;
    this.#swap.flush();
    this.#rejoin.cancel();
    this.#isClosed = true;
    this.bindings.close();
    this.generation++;
    removeEventListener("pageshow", this.#handlePageShow);
    this.#channel.leave();
    this.navigation.close();
    this.loading.stop();
    this.socket.close();
  }

  joinPayload(): JoinPayload {
    const { token, csrfToken } = this.#options;
    const { pending, url } = this.navigation;
    return {
      token,
      url,
      redirect: pending?.href,
      flash: pending?.flash,
      parts: true,
      resume: true,
      kept: this.#kept,
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
    this.generation++;
    this.#attempts = 0;
    const container = this.element.mounts++ > 0 ? this.#options.container : undefined;
    void this.socket.supervisor.then(({ pageLoads, checkVersion }) => {
      checkVersion(reply.version, version);
      if (this.#options.isMain) pageLoads.forget();
    });
    this.#history?.start();
    pending?.arrive();
    this.#kept = keep(reply.kept, this.#options.isMain);
    this.element.status = "connected";
    const show = (): void => {
      this.guard(() => this.#rejoin.mount(reply, container));
      this.loading.stop();
      pending?.finish();
      // Replaces the entry: if the user went back to the URL of the join, the server would patch it to this URL again.
      if (reply.patch) this.navigation.handlePatched({ ...reply.patch, kind: "replace" });
    };
    if (pending) this.#swap.start(show, pending.startTransition);
    else show();
  }

  handleUpdate(update: EventReply): void {
    const { redirect, live_redirect, live_patch } = update;
    this.#swap.flush();
    if (update.kept) this.#kept = keep(update.kept, this.#options.isMain);
    const isApplied = this.guard(() => this.#content.update(update));
    const target = redirect ?? live_redirect;
    if (target) {
      // A pending visit waits for this reply. It takes precedence, because the user has started it after sending the
      // event.
      if (!this.navigation.pending && !this.navigation.follow(target))
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
    if (target && this.navigation.follow(target, true)) return;
    if (target || refusal.reason === "stale" || refusal.reason === "unauthorized") {
      this.#leaveView(target);
    } else if (refusal.reason === "busy") {
      // The channel tries again, and this attempt says nothing about the view.
      this.#attempts--;
    } else {
      this.#handleFailedJoin();
    }
  }

  handleDown(cause: "crashed" | "disconnected" | "closed"): void {
    this.#swap.flush();
    this.#rejoin.cancel(cause === "crashed");
    const handleLater = () => this.#channel.isJoined || this.handleDown(cause);
    if (cause !== "crashed" && this.#postpone(handleLater)) return;
    if (cause === "crashed") this.element.fail("LIVE_ERR_CRASHED", "the view crashed");
    else this.element.status = "disconnected";
    if (cause !== "closed" && !this.#stopInterruption)
      this.loading.start("error", this.navigation.url);
    this.#stopInterruption = undefined;
  }

  handleInterruption(): void {
    if (this.#postpone(() => this.isOnline || this.handleInterruption())) return;
    this.element.status = "disconnected";
    this.#stopInterruption ??= this.loading.start("error", this.navigation.url);
    this.bindings.repeatDropped();
  }

  handleResumption(): void {
    this.element.status = "connected";
    this.#stopInterruption?.();
    this.#stopInterruption = undefined;
  }

  /** Calls a function that renders; if it throws, reports the error and returns false. */
  guard(apply: () => void): boolean {
    try {
      apply();
      return true;
    } catch (error) {
      const { code = "LIVE_ERR_RENDER", message } = error as { code?: string; message: string };
      this.element.fail(code, message);
      return false;
    }
  }

  #patch(visit: Visit, stopLoading: () => void): void {
    const handleReply = ({ live_patch, ...reply }: EventReply): void => {
      const isCurrent = visit.isCurrent();
      if (isCurrent && live_patch) {
        // The view has patched to another URL. The history gets only an entry for that URL, in place of the visit's.
        this.navigation.cancel();
        this.handleUpdate({ ...reply, live_patch: { ...live_patch, kind: visit.kind } });
        return;
      }
      const isStaying = isCurrent && !reply.redirect && !reply.live_redirect;
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

  /**
   * Leaves the view and joins the one at the URL of the visit, or loads its page. It first waits for the replies to messages,
   * so that the other view shows what they have changed.
   */
  #navigate({ href, isCurrent, load }: Visit): void {
    const channel = this.#channel;
    const leave = (): void => {
      if (channel !== this.#channel || !isCurrent()) return;
      if (!this.navigation.isInside(href)) {
        load();
        this.navigation.cancel(); // The reply or the timeout follows, which must not load the page again.
        return;
      }
      this.#swap.flush();
      this.#rejoin.cancel();
      this.element.mounts = 0;
      this.#attempts = 0;
      this.navigations++;
      this.loading.start("initial", href);
      this.#joinAgain();
    };
    if (channel.lastReply) channel.lastReply.then(leave, leave);
    else leave();
    setTimeout(leave, answerMs);
  }

  #join(): Channel {
    return new Channel(this.socket.connection, `lv:${this.#options.id}`, this);
  }

  #joinAgain(): void {
    this.generation++;
    this.#channel.leave();
    this.#channel = this.#join();
  }

  /** The back-forward cache may restore a page that was being left, or whose user has logged out since. */
  readonly #handlePageShow = ({ persisted }: PageTransitionEvent): void => {
    if (!persisted) return;
    this.socket.leaving.stop();
    this.navigation.cancel();
    this.loading.stop();
    this.socket.connection.connect();
    this.#joinAgain();
  };

  /** Reloads the page after a delay, unless the view is joined in the meantime. */
  async #reloadLater(): Promise<void> {
    const { pageLoads } = await this.socket.supervisor;
    pageLoads.reloadLater(this);
  }

  /** Ends a view that cannot be joined with this page, and loads the page or the `target`. */
  #leaveView(target: RedirectTarget | undefined): void {
    this.#channel.leave();
    if (!this.#postpone(() => this.#joinAgain())) void this.reload(target);
  }

  /** Delays an action while the browser is leaving the page. Returns whether it is. */
  #postpone(act: () => unknown): boolean {
    return this.socket.leaving.postpone(() => this.#isClosed || act());
  }

  #handleFailedJoin(): void {
    this.element.fail("LIVE_ERR_JOIN_FAILED", "the view could not be joined");
    this.loading.start("error", this.navigation.url);
    const { isMain } = this.#options;
    if (isMain && this.#attempts >= (this.navigation.pending ? 1 : failuresBeforeReload)) {
      void this.#reloadLater();
    }
  }

  get href(): string {
    const { pending, url } = this.navigation;
    return pending?.href ?? url;
  }

  /** Loads the page again, or loads the page that the view has redirected to. */
  async reload(target?: RedirectTarget): Promise<void> {
    const { pending } = this.navigation;
    if (!this.#options.isMain) this.element.handleStale();
    else if (pending && !target) pending.load();
    else {
      const load = target && (() => this.navigation.redirect(target, true));
      const { pageLoads } = await this.socket.supervisor;
      if (!pageLoads.reload(load)) {
        this.element.fail("LIVE_ERR_STALE", "the view could not be joined after several loads");
      }
    }
  }
}
