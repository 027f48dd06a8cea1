// Before anything that loads Lit: it teaches Lit's elements to hydrate.
import "@lit-labs/ssr-client/lit-element-hydrate-support.js";
import { ContextProvider } from "@lit/context";
import { type PropertyDeclarations, type PropertyValues, ReactiveElement } from "lit";
import type { LiveMetadata } from "./client/bindings/binder.js";
import type { LiveHooks } from "./client/commands/live-hook.js";
import { notConnected, pushError } from "./client/connection/channel.js";
import { debugTools, LiveSocket, rejoinAfterMs } from "./client/connection/live-socket.js";
import { loadPage } from "./client/navigation/page-load.js";
import { fetchJoinInfo, type JoinInfo } from "./client/view/join-info.js";
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

/**
 * A live view in a page. It joins the view over a WebSocket that all `<live-session>` elements of one
 * server share, shows it as its children, and provides {@link liveSessionContext} and
 * {@link mountDataContext} to every element below it.
 *
 * A page that the server rendered gives it a `token`; the first such element of a document is the main
 * one, which owns the address bar and the title. Dropped into any other page it has a `src`; then it
 * renders the view if it has no children, and with children of the page's own it provides data only.
 *
 * @example
 * ```html
 * <script type="module" src="https://example.org/live/live-session.js"></script>
 * <live-session src="https://example.org/counter"></live-session>
 * ```
 *
 * @attr {string} progress-delay - After how many ms of waiting the page shows a bar; `none` for no bar.
 * @attr {boolean} no-view-transitions - Views appear without a View Transition.
 * @fires {LiveServerEvent} live-event - The view pushed an event.
 * @fires {LiveErrorEvent} live-error - Something went wrong.
 * @fires {LiveBeforeNavigateEvent} live-before-navigate - Before a navigation of the browser; cancelable.
 * @fires {LiveNavigateEvent} live-navigate - The URL has changed.
 * @fires {LivePageLoadingStartEvent} live-page-loading-start - Waiting for the server begins.
 * @fires {LivePageLoadingStopEvent} live-page-loading-stop - Waiting for the server ended.
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

  /** The URL of the view, on a page that its server did not render. */
  declare src: string | undefined;
  /** The signed hand-over, on a page that the server rendered. */
  declare token: string | undefined;
  /** The CSRF token of the page. */
  declare csrfToken: string;
  /** Where the server's sockets are. */
  declare url: string;
  /** What the names of the binding attributes begin with. */
  declare bindingPrefix: string;
  /**
   * Which paths the live session has, as the source of a regular expression. Links that lead to others load
   * pages; without it the server is asked.
   */
  declare routes: string | undefined;

  /**
   * The hooks that elements of the view name in `live-hook`. May be set before the element is defined, and again
   * later, with more.
   */
  declare hooks: LiveHooks | undefined;
  /** Adds to the payloads of events but forms, by their type: `{ click: ({ altKey }) => ({ altKey }) }`. */
  declare metadata: LiveMetadata | undefined;

  /**
   * Asked before each join for what the view is to know of the browser: `() => ({ zone: "Europe/Berlin" })`; it has
   * that as `socket.connectParams` while it mounts. Set it before the element is defined: it joins at once.
   */
  declare connectParams: ConnectParamsOfPage | undefined;

  /** For the browser's console. What is asked for counts for all connections, until the tab is closed. */
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

  /** The state of the connection. Set by the element only. */
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

  /** The data that the view provides. Set by the element only. */
  get mountData(): MountData {
    return this.#mountData.value;
  }

  set mountData(data: MountData) {
    this.#mountData.setValue(data);
  }

  /** Runs commands that the server made with `js`, for an element. Those that push tell the element's values, too. */
  exec(element: HTMLElement, commands: string): void {
    this.#view?.bindings.scripting.use((scripting) => scripting.exec(element, commands));
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.#view) return;
    this.status = "connecting";
    // The children have to be there, all of them, to be hydrated.
    if (document.readyState === "loading")
      document.addEventListener("DOMContentLoaded", () => this.#start());
    else this.#start();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    // Being moved is no reason to leave.
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
    const { id, token, csrfToken, src, routes } = this;
    if (token !== undefined) this.#join({ id, token, csrfToken, routes });
    else if (src !== undefined) void this.#fetch(src);
    else this.#fail("LIVE_ERR_NO_VIEW", "the view needs a token or a src");
  }

  async #fetch(src: string): Promise<void> {
    try {
      const joinInfo = await fetchJoinInfo(new URL(src, document.baseURI));
      if (!this.isConnected || this.#view) return;
      this.mounts = 0;
      this.#join(joinInfo);
    } catch (error) {
      this.#fail("LIVE_ERR_JOIN_INFO", (error as Error).message);
      this.#startLater();
    }
  }

  #startLater(): void {
    setTimeout(() => this.#start(), rejoinAfterMs(++this.#staleTries));
  }

  #join({ id, token, csrfToken, url, routes }: JoinInfo): void {
    this.id ||= id;
    const isMain = document.querySelector("live-session[token]") === this;
    const base = this.src === undefined ? location.href : new URL(this.src, document.baseURI).href;
    this.#isDataOnly ??=
      this.token === undefined && (this.childElementCount > 0 || !!this.textContent?.trim());
    this.#view = new View(this, LiveSocket.open(new URL(url ?? this.url, base), csrfToken), {
      id,
      token,
      csrfToken,
      url: base,
      routes,
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
    const takeBack = optimistic?.();
    try {
      if (!this.#view) throw pushError(...notConnected);
      return await this.#view.pushEvent("event", event, payload);
    } finally {
      takeBack?.();
    }
  }

  #visit(to: string, patch: boolean): void {
    if (this.#view) this.#view.visit(to, { patch });
    else loadPage(to);
  }

  #fail(code: string, message: string): void {
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
