// Must be imported before Lit: it adds hydration to Lit's elements.
import "@lit-labs/ssr-client/lit-element-hydrate-support.js";
import { ContextProvider } from "@lit/context";
import { type PropertyDeclarations, type PropertyValues, ReactiveElement } from "lit";
import type { LiveMetadata } from "./client/bindings/binder.js";
import type { LiveHooks } from "./client/commands/live-hook.js";
import { notConnectedError, type PushError, rejoinAfterMs } from "./client/connection/channel.js";
import { debugTools, LiveSocket } from "./client/connection/live-socket.js";
import type { PageReload } from "./client/connection/supervise-connection.js";
import { loadPage, publicHref } from "./client/navigation/load-page.js";
import type { JoinInfo } from "./client/view/join-info.js";
import { View } from "./client/view/view.js";
import type { ConnectParamsOfPage, ViewHost } from "./client/view/view-options.js";
import {
  type LiveSessionHandle,
  type LiveSessionStatus,
  liveSessionContext,
  type MountData,
  mountDataContext,
} from "./context.js";
import { define } from "./define.js";
import { LiveErrorEvent } from "./events.js";
import type { Templates } from "./protocol/index.js";
import type { PushOptions } from "./push.js";

const mainSession = (): LiveSessionElement | null =>
  document.querySelector<LiveSessionElement>("live-session[token]");

/** Reloads the page of the main live session, or loads the page that it navigates to. */
const reloadMainPage: PageReload = () => {
  const main = mainSession();
  const visit = main?.view?.navigation.pending;
  return main ? () => (visit ? visit.load() : location.reload()) : undefined;
};

/**
 * Joins a live view and shows it as its children. All `<live-session>` elements of one server share a WebSocket. The
 * element provides {@link liveSessionContext} and {@link mountDataContext} to all elements below it.
 *
 * In a page that the server rendered it has a `token`; the first such element of a document is the main one, which owns
 * the address bar and the title. In any other page it has a `src`. There it renders the view if it has no children of
 * its own; otherwise it only provides data to them.
 *
 * @example
 * ```html
 * <script type="module" src="https://example.org/live/live-session.js"></script>
 * <live-session src="https://example.org/counter"></live-session>
 * ```
 *
 * @attr {string} progress-delay - The milliseconds of waiting before the page shows a progress bar; `none` for no bar.
 * @attr {boolean} no-view-transitions - Shows views without a View Transition.
 * @fires {LiveServerEvent} live-event - The view has pushed an event.
 * @fires {LiveErrorEvent} live-error - An error has occurred.
 * @fires {LiveBeforeNavigateEvent} live-before-navigate - A navigation is about to start in the browser; cancelable.
 * @fires {LiveNavigateEvent} live-navigate - The URL has changed.
 * @fires {LivePageLoadingStartEvent} live-page-loading-start - The page waits for the server.
 * @fires {LivePageLoadingStopEvent} live-page-loading-stop - The page no longer waits for the server.
 */
export class LiveSessionElement extends ReactiveElement implements ViewHost {
  /** @nocollapse */
  static override properties: PropertyDeclarations = {
    src: {},
    token: {},
    csrfToken: { attribute: "csrf-token" },
    url: {},
    bindingPrefix: { attribute: "binding-prefix" },
    routes: {},
    status: { reflect: true },
    hooks: { attribute: false },
    metadata: { attribute: false },
  };

  /** The URL of the view, in a page that the server of the view did not render. */
  declare src: string | undefined;
  /** The signed join token, in a page that the server rendered. */
  declare token: string | undefined;
  /** The CSRF token of the page. */
  declare csrfToken: string;
  /** The URL of the server's sockets. */
  declare url: string;
  /** The prefix of the names of binding attributes. */
  declare bindingPrefix: string;
  /**
   * The paths of the live session, as the source of a regular expression. Links to other paths load a page at once;
   * without this attribute the client asks the server first.
   */
  declare routes: string | undefined;

  /**
   * The hooks that elements of the view refer to by name in `live-hook`. Can be set before the element is defined, and
   * set again later to add hooks.
   */
  declare hooks: LiveHooks | undefined;
  /** Functions that add to the payloads of events, by type, except forms: `{ click: ({ altKey }) => ({ altKey }) }`. */
  declare metadata: LiveMetadata | undefined;

  /**
   * Called before each join: `() => ({ zone: "Europe/Berlin" })`. The view reads the result from `socket.connectParams`
   * while it mounts. Must be set before the element is defined, since the element joins at once.
   */
  declare connectParams: ConnectParamsOfPage | undefined;

  /** Debugging tools for the browser's console. They apply to all connections until the tab is closed. */
  readonly debug = debugTools;
  /** @internal */
  mounts = 0;
  #status: LiveSessionStatus = "disconnected";
  #view: View | undefined;
  #isDataOnly: boolean | undefined;
  #staleTries = 0;
  readonly #session = new ContextProvider(this, { context: liveSessionContext });
  readonly #mountData = new ContextProvider(this, { context: mountDataContext, initialValue: {} });

  constructor() {
    super();
    this.csrfToken = "";
    this.url = "/live";
    this.bindingPrefix = "live-";
  }

  /** The state of the connection. Only the element sets it. */
  get status(): LiveSessionStatus {
    return this.#status;
  }

  set status(status: LiveSessionStatus) {
    if (status === this.#status) return;
    if (status === "connected") this.#staleTries = 0;
    this.#status = status;
    this.#session.setValue({
      push: ((event: string, payload = {}, options?: PushOptions) =>
        this.#push(event, payload, options)) as LiveSessionHandle["push"],
      navigate: (to) => this.#visit(to, false),
      patch: (to) => this.#visit(to, true),
      status,
      csrfToken: this.csrfToken,
      bindingPrefix: this.bindingPrefix,
    });
  }

  /** The data that the view provides. Only the element sets it. */
  get mountData(): MountData {
    return this.#mountData.value;
  }

  set mountData(data: MountData) {
    this.#mountData.setValue(data);
  }

  /**
   * Runs commands that the server created with `js`, for an element. Events that they push contain the element's values
   * too.
   */
  exec(element: HTMLElement, commands: string): void {
    this.#view?.bindings.scripting.use((scripting) => scripting.exec(element, commands));
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.#view) return;
    this.status = "connecting";
    // Hydration needs all children, so the element waits until the document is parsed.
    if (document.readyState === "loading")
      document.addEventListener("DOMContentLoaded", () => this.#start());
    else this.#start();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    // An element that is only moved is connected again by the end of the task.
    queueMicrotask(() => {
      if (!this.isConnected) this.#stop();
    });
  }

  /** @internal */
  get view(): View | undefined {
    return this.#view;
  }

  /** @internal */
  handleStale(): void {
    this.#stop();
    this.status = "error";
    this.#startLater();
  }

  /** @internal */
  beforeShow(templates: Templates | undefined): (() => void) | undefined {
    return this.#view?.bindings.scripting.beforeShow(templates);
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("hooks") && this.hooks) this.#view?.bindings.scripting.handleHooks();
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  #start(): void {
    if (!this.isConnected || this.#view) return;
    const { id, token, csrfToken, routes } = this;
    if (token !== undefined) this.#join({ id, token, csrfToken, routes });
    else void this.#find();
  }

  async #find(): Promise<void> {
    try {
      // Loaded lazily, because only nested views and pages of other sites need it.
      const { findJoinInfo } = await import("./client/view/join-info.js");
      const joinInfo = await findJoinInfo(this, publicHref(this.src ?? "", document.baseURI));
      if (!this.isConnected || this.#view) return;
      this.mounts = 0;
      this.#join(joinInfo);
    } catch (error) {
      const { code = "LIVE_ERR_JOIN_INFO", message } = error as PushError;
      this.fail(code, message);
      this.#startLater();
    }
  }

  #startLater(): void {
    setTimeout(() => this.#start(), rejoinAfterMs(++this.#staleTries));
  }

  #join({ id, url, ...joinInfo }: JoinInfo): void {
    this.id ||= id;
    const isMain = mainSession() === this;
    const base = publicHref(this.src ?? location.href, document.baseURI);
    this.#isDataOnly ??=
      this.src !== undefined && (this.childElementCount > 0 || !!this.textContent?.trim());
    const socketUrl = new URL(url ?? this.url, base);
    const liveSocket = LiveSocket.open(socketUrl, joinInfo.csrfToken, reloadMainPage);
    this.#view = new View(this, liveSocket, {
      ...joinInfo,
      id,
      url: base,
      isMain,
      container: this.#isDataOnly ? undefined : this,
    });
  }

  #stop(): void {
    this.#view?.close();
    this.#view = undefined;
    this.status = "disconnected";
  }

  async #push(event: string, payload: unknown, { optimistic }: PushOptions = {}): Promise<unknown> {
    const undo = optimistic?.();
    try {
      if (!this.#view) throw notConnectedError();
      return await this.#view.pushEvent("event", event, payload);
    } finally {
      undo?.();
    }
  }

  #visit(to: string, patch: boolean): void {
    if (this.#view) this.#view.visit(to, { patch });
    else loadPage(to);
  }

  /** @internal */
  fail(code: string, message: string): void {
    this.status = "error";
    this.dispatchEvent(new LiveErrorEvent(code, message));
  }
}

define("live-session", LiveSessionElement);

declare global {
  interface HTMLElementTagNameMap {
    "live-session": LiveSessionElement;
  }
}
