import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { FlashMessages } from "@live-session/components/protocol";
import type { CookieJar } from "../browser/cookie-jar.js";
import { type FollowedRedirect, toPath } from "../browser/page-loader.js";
import type { Tab } from "../browser/tab.js";
import { failure } from "../failure.js";
import type { FormValues } from "../forms/filled-value.js";
import { type ChosenFile, LiveFiles } from "../forms/live-files.js";
import { LiveForm } from "../forms/live-form.js";
import { textOf } from "../html/page-html.js";
import { LiveElement } from "./live-element.js";
import { LiveWindow } from "./live-window.js";
import { NestedView } from "./nested-view.js";
import {
  assertPatched,
  assertPushed,
  assertRedirected,
  type Navigations,
  refutePatched,
  refutePushed,
  refuteRedirected,
} from "./view-checks.js";

/**
 * A page that a test visits. It shows the HTML of the HTTP response and, after `connect()`, the joined view. When the visit
 * continues on another page, the object stays the same.
 *
 * Each action resolves when the view has handled it and the messages that it caused. If the view redirects, the page
 * waits for `followRedirect()`.
 */
export class Page {
  readonly #tab: Tab;

  /** Created by `visit`. */
  constructor(tab: Tab) {
    this.#tab = tab;
  }

  /** The page's path with query and fragment. */
  get path(): string {
    return toPath(this.#tab.url, this.#tab.origin);
  }

  /** The status of the HTTP response. */
  get status(): number {
    return this.#tab.loaded.status;
  }

  /** The HTTP redirects that were followed to load the page. */
  get redirects(): readonly FollowedRedirect[] {
    return this.#tab.loaded.redirects;
  }

  /** The cookies of the visitor. */
  get cookies(): CookieJar {
    return this.#tab.cookies;
  }

  get isConnected(): boolean {
    return this.#tab.isConnected;
  }

  /** The title of the document, with the text that the view set last. */
  get title(): string {
    const [title] = this.#tab.html.all("head > title");
    const set = this.#tab.view?.title;
    if (set === undefined || !title) return set ?? (title ? textOf(title) : "");
    const {
      "data-prefix": prefix = "",
      "data-suffix": suffix = "",
      "data-default": other = "",
    } = title.attribs;
    return `${prefix}${set.trim() ? set : other}${suffix}`;
  }

  /** The data that the view provides to the page's elements; empty before it is connected. */
  get provided(): Readonly<Record<string, unknown>> {
    return this.#tab.view?.provided ?? {};
  }

  /** The flash messages of the view; empty before it is connected. */
  get flash(): FlashMessages {
    return this.#tab.view?.flash ?? {};
  }

  /**
   * Joins the page's view.
   *
   * @param params connect params, which later joins use too
   * @throws AssertionError when the page has no view or the view throws
   */
  async connect(params?: Readonly<Record<string, unknown>>): Promise<void> {
    await this.#tab.connect(params);
  }

  /** Ends the connection as a network failure does. The page does not change. */
  async disconnect(): Promise<void> {
    await this.#tab.disconnect();
  }

  /** Connects again: a new view is mounted at the page's path. */
  async reconnect(): Promise<void> {
    await this.#tab.disconnect();
    await this.#tab.connect();
  }

  /** Returns the page's HTML, without Lit's markers. */
  render(): string {
    return this.#tab.html.toHtml();
  }

  /** Returns whether a selector matches an element; with `text`, an element whose text contains it. */
  hasElement(selector: string, text?: string | RegExp): boolean {
    return this.#tab.html.all(selector, text).length > 0;
  }

  /** Returns the only element that a selector matches. Searches for it when it is used. */
  element(selector: string, text?: string | RegExp): LiveElement {
    return new LiveElement(this.#tab, selector, text);
  }

  /**
   * Returns a nested view of the page, by the id that the template gives it. Its elements are found by {@link element}.
   *
   * @throws AssertionError when the nested view is used and the page does not show it
   */
  nested(id: string): NestedView {
    return new NestedView(this.#tab, id);
  }

  /** The page's window, for elements with `live-window-…` bindings. */
  get window(): LiveWindow {
    return new LiveWindow(this.#tab);
  }

  /** Returns a form of the page. `values` are filled into its fields, by field name. */
  form(selector: string, values: FormValues = {}): LiveForm {
    return new LiveForm(this.#tab, (html) => html.one(selector), values);
  }

  /**
   * Chooses files for an upload, as in its file input.
   *
   * @param selector a form, or the file input itself
   * @param upload the name of the upload
   */
  file(selector: string, upload: string, files: readonly ChosenFile[]): LiveFiles {
    return new LiveFiles(this.#tab, selector, upload, files);
  }

  /** Sends an event by name, as the script of an element does. The payload is not checked. */
  async push(event: string, payload: unknown = {}): Promise<void> {
    await this.#tab.push("push", event, payload);
  }

  /** Patches the view, as a `live-patch` link does. */
  async patch(to: string): Promise<void> {
    await this.#tab.patch(to);
  }

  /** Navigates, as a `live-navigate` link does. Loads the page if it is outside of the live session. */
  async navigate(to: string): Promise<void> {
    await this.#tab.navigate(to);
  }

  /** Loads another page, as the address bar does. */
  async visit(to: string): Promise<void> {
    await this.#tab.load(to);
  }

  /** Sends the view a message for `handleInfo`. */
  async send(message: unknown): Promise<void> {
    await this.#tab.send(message);
  }

  /**
   * Resolves when the view has handled its messages and its tasks have ended.
   *
   * @param options `timeout` in milliseconds, which replaces the visit's own
   */
  async settled({ timeout }: { readonly timeout?: number } = {}): Promise<void> {
    await this.#tab.settle(true, timeout);
  }

  /**
   * Writes the current page to a file, without its scripts, so that you can open it in a browser.
   *
   * @param file by default a file in a new temporary folder
   * @returns the file's path
   */
  async save(file?: string): Promise<string> {
    const path = file ?? join(await mkdtemp(join(tmpdir(), "live-page-")), "page.html");
    await writeFile(path, this.render().replaceAll(/<script\b.*?<\/script>/gis, ""));
    return path;
  }

  /**
   * Follows the redirect or navigation of the view, with its flash. After a redirect, the new page is not connected.
   *
   * @param to the expected target
   * @throws AssertionError when the view does not redirect, or has another target
   */
  async followRedirect(to?: string | RegExp): Promise<void> {
    const { departure, view } = this.#tab;
    assertRedirected({ redirect: departure?.to, patches: view?.patches ?? [] }, to);
    if (departure?.type === "navigate") await this.#tab.navigate(departure.to, departure.flash);
    else if (departure) await this.#tab.loadWithFlash(departure.to, departure.flash);
  }

  /**
   * Asserts that the view redirects or navigates. For a page that has not been connected, asserts that an HTTP redirect
   * loaded it.
   */
  assertRedirect(to?: string | RegExp): void {
    assertRedirected(this.#navigations, to);
  }

  /** Asserts that the view does not redirect or navigate, or not to this target. */
  refuteRedirect(to?: string | RegExp): void {
    refuteRedirected(this.#navigations, to);
  }

  /** Asserts that the view has been patched, to this path if one is given. Each patch satisfies one assertion. */
  assertPatch(to?: string | RegExp): void {
    assertPatched(this.#navigations, to);
  }

  /** Asserts that the view has not been patched, or not to this path. Ignores patches that `assertPatch` has checked. */
  refutePatch(to?: string | RegExp): void {
    refutePatched(this.#navigations, to);
  }

  /** Asserts the reply to the last event. */
  assertReply(expected: unknown): void {
    const { lastReply } = this.#tab;
    if (isDeepStrictEqual(lastReply, expected)) return;
    throw failure("the view sent another reply", {
      expected: JSON.stringify(expected),
      got: lastReply === undefined ? "no reply" : JSON.stringify(lastReply),
    });
  }

  /** Asserts that the view has not replied to the last event, or not with this reply. */
  refuteReply(...unexpected: readonly [reply?: unknown]): void {
    const { lastReply } = this.#tab;
    if (lastReply === undefined) return;
    if (unexpected.length > 0 && !isDeepStrictEqual(lastReply, unexpected[0])) return;
    throw failure("the view sent a reply", { got: JSON.stringify(lastReply) });
  }

  /** Asserts that the view pushed an event, with this payload if one is given. Each event satisfies one assertion. */
  assertPushEvent(name: string, payload?: unknown): void {
    assertPushed(this.#tab.view?.events ?? [], name, payload);
  }

  /**
   * Asserts that the view has not pushed an event, or not with this payload. Ignores events that `assertPushEvent` has
   * checked.
   */
  refutePushEvent(name: string, payload?: unknown): void {
    refutePushed(this.#tab.view?.events ?? [], name, payload);
  }

  get #navigations(): Navigations {
    const { departure, view } = this.#tab;
    return {
      redirect: departure?.to ?? (view ? undefined : this.redirects.at(-1)?.to),
      patches: view?.patches ?? [],
    };
  }
}
