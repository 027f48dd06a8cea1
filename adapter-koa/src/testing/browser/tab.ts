import type { EventReply, JoinRefusal } from "@live-session/components/protocol";
import { failure, messageOf } from "../failure.js";
import { PageChecker, type PageChecks } from "../html/page-checks.js";
import { PageHtml } from "../html/page-html.js";
import { AppServer, type TestedApp } from "./app-server.js";
import { CookieJar } from "./cookie-jar.js";
import { NestedTabs } from "./nested-tabs.js";
import { type LoadedPage, PageLoader, type PageRequest, toPath } from "./page-loader.js";
import { ViewConnection } from "./view-connection.js";
import { type Departure, toDeparture, type ViewState } from "./view-state.js";

/** Options of `visit`. */
export interface VisitOptions {
  /** The cookies of the first request, or those of another page: then both are tabs of one browser. */
  readonly cookies?: CookieJar | Readonly<Record<string, string>>;
  /** Headers of each request and of the handshake. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The scheme and host of each request; `http://localhost` by default. */
  readonly origin?: string;
  /** How long to wait for a view to settle, in milliseconds; 5,000 by default. */
  readonly timeout?: number;
  /** The levels of the page checks; see `setPageChecks`. */
  readonly checks?: PageChecks;
}

/** Simulates a browser tab: the loaded page, its connection, and the joined view. */
export class Tab {
  readonly cookies: CookieJar;
  readonly origin: string;
  /** The reply to the last event. */
  lastReply: unknown;
  /** The name and value of the button that has submitted each form of the page, by the form's id or position. */
  readonly submitters = new Map<string, readonly [name: string, value: string] | undefined>();
  readonly #server: AppServer;
  readonly #loader: PageLoader;
  readonly #timeout: number;
  readonly #checker: PageChecker;
  #loaded: LoadedPage | undefined;
  #connection: ViewConnection | undefined;
  #nested: NestedTabs | undefined;
  #view: ViewState | undefined;
  /** The target of a join that was answered with a redirect. */
  #refused: Departure | undefined;
  /** Kept assigns that have survived a reload of the page. */
  #stored: string | undefined;
  #connectParams: Readonly<Record<string, unknown>> = {};
  #mounts = 0;
  #navigations = 0;

  constructor(app: TestedApp, options: VisitOptions) {
    const { cookies, headers = {}, origin = "http://localhost", timeout = 5000 } = options;
    this.cookies = cookies instanceof CookieJar ? cookies : new CookieJar(cookies);
    this.origin = new URL(origin).origin;
    this.#server = AppServer.of(app);
    this.#loader = new PageLoader(this.#server, this.cookies, headers);
    this.#timeout = timeout;
    this.#checker = new PageChecker(options.checks);
  }

  /** The page as it was loaded over HTTP. */
  get loaded(): LoadedPage {
    if (!this.#loaded) throw failure("no page has been loaded");
    return this.#loaded;
  }

  /** The state of the view; `undefined` before it is joined. */
  get view(): ViewState | undefined {
    return this.#view;
  }

  get url(): URL {
    return this.#view?.url ?? this.loaded.url;
  }

  get isConnected(): boolean {
    return this.#view !== undefined && this.#connection?.isOpen === true;
  }

  /** The target of the view's redirect or navigation, until the tab follows it. */
  get departure(): Departure | undefined {
    return this.#refused ?? this.#view?.departure;
  }

  /** The current page. */
  get html(): PageHtml {
    const { html } = this.loaded;
    if (!this.#view) return new PageHtml(html);
    const start = (/<live-session [^>]*>/.exec(html)?.index ?? 0) + 1;
    const content = html.indexOf(">", start) + 1;
    const end = html.lastIndexOf("</live-session>");
    return new PageHtml(
      html.slice(0, content) + this.#view.toHtml(this.#nested?.content) + html.slice(end),
    );
  }

  /** Loads a page, which replaces the current one. */
  async load(
    to: string | URL,
    request: Omit<PageRequest, "url"> = { method: "GET" },
  ): Promise<void> {
    const url = new URL(to, this.#loaded ? this.url : this.origin);
    if (url.origin !== this.origin) {
      throw failure("the page does not belong to the app", {
        expected: `a URL of ${this.origin}`,
        got: url.href,
      });
    }
    await this.disconnect();
    const kept = this.#view?.kept;
    const isReload = this.#view?.url.href === url.href;
    this.#stored = isReload && kept?.reload ? kept.sealed : undefined;
    this.#view = undefined;
    this.#refused = undefined;
    this.#mounts = 0;
    this.#navigations = 0;
    this.submitters.clear();
    this.#loaded = await this.#loader.load({ ...request, url });
    this.#checker.check(this.html);
  }

  /** @throws AssertionError with the view's error, when the view has crashed and has not been joined again */
  assertAlive(): void {
    this.#connection?.assertAlive();
  }

  /** Opens the page's connection and joins its view. */
  async connect(params?: Readonly<Record<string, unknown>>): Promise<void> {
    const { joinInfo, status } = this.loaded;
    const path = toPath(this.url, this.origin);
    // The page of a posted form may have the status 422, and has a view.
    if (!joinInfo && status !== 200)
      throw failure(`${path} responded with ${status}, so there is no view to connect`);
    if (!joinInfo) throw failure(`${path} has no live view`);
    if (this.isConnected) throw failure("the page is connected already");
    await this.disconnect(); // of a view that has crashed
    if (params) this.#connectParams = params;
    const { socketPath, csrfToken, id } = joinInfo;
    const url = new URL(`${socketPath}/websocket?vsn=2.0.0`, this.origin);
    url.searchParams.set("_csrf_token", csrfToken);
    const headers = { origin: this.origin, ...this.#loader.headersFor(url) };
    const socketUrl = url.href.replace(/^http/, "ws");
    const { errorCount } = this.#server;
    this.#connection = await ViewConnection.open(
      this.#server,
      new URL(socketUrl),
      headers,
      `lv:${id}`,
    );
    this.#nested = new NestedTabs(this.#connection, (token, mounts) => this.#params(token, mounts));
    const refusal = await this.#join(this.#connection, this.url);
    if (refusal) throw refused(refusal, this.#server.errorSince(errorCount));
  }

  /** Ends the connection; the page does not change. */
  async disconnect(): Promise<void> {
    await this.#connection?.close();
  }

  /** Sends an event. @param nested the id of the nested view that receives it */
  async push(type: string, event: string, value: unknown, nested?: string): Promise<void> {
    const { reply } = await this.#send("event", { type, event, value }, nested);
    this.lastReply = reply;
  }

  /** Sends a part of a file. @returns the reason if the view refuses it */
  async chunk(payload: Uint8Array, nested?: string): Promise<string | undefined> {
    const refusal = await this.#requireConnection(nested).chunk(payload);
    await this.settle(false);
    return refusal;
  }

  /** Patches the view to another URL. */
  async patch(to: string): Promise<void> {
    const url = new URL(to, this.url);
    const view = this.#view;
    const reply = await this.#send("live_patch", { url: url.href });
    if (!reply.live_patch && !this.departure) {
      view?.patched({ to: toPath(url, this.origin), kind: "push" });
    }
  }

  /** Navigates to another view over the same connection. Loads its page if that is not possible. */
  async navigate(to: string, flash?: string): Promise<void> {
    this.assertAlive();
    const url = new URL(to, this.url);
    const connection = this.#connection;
    if (!connection || !this.isConnected) return this.loadWithFlash(url, flash);
    this.#refused = undefined;
    this.#mounts = 0;
    this.#navigations++;
    const refusal = await this.#join(connection, url, { redirect: url.href, flash });
    if (refusal) await this.loadWithFlash(url, flash);
  }

  /** Loads a page, with the flash of the view that redirected to it. */
  async loadWithFlash(to: string | URL, flash?: string): Promise<void> {
    if (flash !== undefined) this.cookies.set("__live_flash__", flash);
    await this.load(to);
  }

  /** Returns the state of a nested view. @throws AssertionError when the page does not show it */
  nestedView(id: string): ViewState | undefined {
    return this.#requireConnection(id).view;
  }

  /** Sends the view a message for `handleInfo`. */
  async send(message: unknown, nested?: string): Promise<void> {
    this.#requireConnection(nested).send(message);
    await this.settle(false);
  }

  /** Resolves when the view has handled its messages and, with `withTasks`, its tasks have ended. */
  async settle(withTasks: boolean, timeout = this.#timeout): Promise<void> {
    await this.#connection?.settle(withTasks, timeout);
    if (!this.departure && this.isConnected) await this.#nested?.settle(withTasks, timeout);
    this.#checker.check(this.html);
  }

  async #send(
    event: "event" | "live_patch",
    payload: object,
    nested?: string,
  ): Promise<EventReply> {
    const reply = await this.#requireConnection(nested).push(event, payload);
    await this.settle(false);
    return reply;
  }

  /** @throws AssertionError when the page is not connected or the view has redirected */
  #requireConnection(nested?: string): ViewConnection {
    const { departure } = this;
    if (departure) {
      throw failure(`the view is gone: it redirected to ${departure.to}`, {
        expected: "page.followRedirect() first",
      });
    }
    this.assertAlive();
    if (this.#connection && this.isConnected)
      return nested === undefined || !this.#nested ? this.#connection : this.#nested.find(nested);
    throw failure("the page is not connected", { expected: "await page.connect() first" });
  }

  #params(csrfToken: string, mounts: number): Readonly<Record<string, unknown>> {
    return {
      ...this.#connectParams,
      _csrf_token: csrfToken,
      _mounts: mounts,
      _attempts: 0,
      _navigations: this.#navigations,
    };
  }

  /** @returns the refusal, if the page must be loaded instead */
  async #join(
    connection: ViewConnection,
    url: URL,
    more: { redirect?: string; flash?: string | undefined } = {},
  ): Promise<JoinRefusal | undefined> {
    const { token = "", csrfToken = "" } = this.loaded.joinInfo ?? {};
    const params = this.#params(csrfToken, this.#mounts);
    const kept = this.#view?.kept?.sealed ?? this.#stored;
    const payload = { token, url: this.url.href, kept, params, ...more };
    const refusal = await connection.join(payload, url);
    if (!refusal) {
      this.#mounts++;
      this.#view = connection.view;
      this.#stored = undefined;
      await this.settle(false);
    } else if (refusal.reason === "live_redirect") this.#refused = { ...refusal, type: "navigate" };
    else if (refusal.reason === "redirect") this.#refused = toDeparture(refusal);
    else return refusal;
    return undefined;
  }
}

/** Creates the failure of a refused join. A mount that throws an HTTP error such as 404 also refuses the join. */
function refused({ reason }: JoinRefusal, cause: unknown): Error {
  if (cause === undefined) return failure("the view refused the join", { got: reason });
  const { status } = Object(cause) as { status?: unknown };
  return failure(`the view refused the join: ${messageOf(cause)}`, {
    got: typeof status === "number" ? `${reason}, for the status ${status}` : reason,
    cause,
  });
}
