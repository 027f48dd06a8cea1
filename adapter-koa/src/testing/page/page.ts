import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { FlashMessages } from "@live-session/components/protocol";
import type { CookieJar } from "../browser/cookie-jar.js";
import { type FollowedRedirect, toPath } from "../browser/page-loader.js";
import type { Tab } from "../browser/tab.js";
import { failure } from "../failure.js";
import type { FormValues } from "../forms/form-fields.js";
import { LiveForm } from "../forms/live-form.js";
import { textOf } from "../html/page-html.js";
import { LiveElement } from "./live-element.js";
import { LiveWindow } from "./live-window.js";

/**
 * A page that a test visits, as a browser's tab shows it: first as it came over HTTP, after `connect()`
 * as the joined view has it. It stays the same object when the visit goes on to other pages.
 *
 * Each action resolves when the view has handled it and the messages it caused. Where a view leads the
 * browser away, the page waits for `followRedirect()`.
 */
export class Page {
  readonly #tab: Tab;

  /** Made by `visit`. */
  constructor(tab: Tab) {
    this.#tab = tab;
  }

  /** The page's path with query and fragment. */
  get path(): string {
    return toPath(this.#tab.url, this.#tab.origin);
  }

  /** The status of the HTTP answer. */
  get status(): number {
    return this.#tab.loaded.status;
  }

  /** The redirects that were followed to get the page over HTTP. */
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

  /** The page's title: the document's, with the text that the view last set. */
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
   * @param params connect params, kept for later joins
   * @throws AssertionError when the page has no view or the view throws
   */
  async connect(params?: Readonly<Record<string, unknown>>): Promise<void> {
    await this.#tab.connect(params);
  }

  /** Breaks the connection, as a lost network does. The page stays as it is. */
  async disconnect(): Promise<void> {
    await this.#tab.disconnect();
  }

  /** Connects again: the view is mounted anew at the page's path. */
  async reconnect(): Promise<void> {
    await this.#tab.disconnect();
    await this.#tab.connect();
  }

  /** The page's HTML, without Lit's marks. */
  render(): string {
    return this.#tab.html.toHtml();
  }

  /** Whether a selector matches, with `text` an element whose text contains it. */
  hasElement(selector: string, text?: string | RegExp): boolean {
    return this.#tab.html.all(selector, text).length > 0;
  }

  /** The one element that a selector matches, looked for when it is used. */
  element(selector: string, text?: string | RegExp): LiveElement {
    return new LiveElement(this.#tab, selector, text);
  }

  /** The page's window, for elements that are bound to it. */
  get window(): LiveWindow {
    return new LiveWindow(this.#tab);
  }

  /** A form of the page, with what is filled into it by field name. */
  form(selector: string, values: FormValues = {}): LiveForm {
    return new LiveForm(this.#tab, (html) => html.one(selector), values);
  }

  /** Sends an event by name, as an element's script does, with a payload that nothing checks. */
  async push(event: string, payload: unknown = {}): Promise<void> {
    await this.#tab.push("push", event, payload);
  }

  /** Patches, as a `live-patch` link does. */
  async patch(to: string): Promise<void> {
    await this.#tab.patch(to);
  }

  /** Navigates, as a `live-navigate` link does: outside of the live session by a page load. */
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
   * @param options `timeout`, in milliseconds: how long to wait, in place of the visit's own
   */
  async settled({ timeout }: { readonly timeout?: number } = {}): Promise<void> {
    await this.#tab.settle(true, timeout);
  }

  /**
   * Writes the page as it is now to a file, without its scripts, to be looked at in a browser.
   *
   * @param file by default one of a new folder for temporary files
   * @returns the file's path
   */
  async save(file?: string): Promise<string> {
    const path = file ?? join(await mkdtemp(join(tmpdir(), "live-page-")), "page.html");
    await writeFile(path, this.render().replaceAll(/<script\b.*?<\/script>/gis, ""));
    return path;
  }

  /**
   * Goes where the view leads, with its flash. A redirect loads a page, to be connected anew.
   *
   * @param to where that has to be
   * @throws AssertionError when the view leads nowhere, or elsewhere
   */
  async followRedirect(to?: string | RegExp): Promise<void> {
    const { departure } = this.#tab;
    assertLeads(departure?.to, to);
    if (departure?.type === "navigate") await this.#tab.navigate(departure.to, departure.flash);
    else if (departure) await this.#tab.loadWithFlash(departure.to, departure.flash);
  }

  /**
   * Asserts that the view leads elsewhere; of a page that has not been connected, that it was reached through a
   * redirect.
   */
  assertRedirect(to?: string | RegExp): void {
    const { departure, view } = this.#tab;
    assertLeads(departure?.to ?? (view ? undefined : this.redirects.at(-1)?.to), to);
  }

  /** Asserts that the view has been patched, to this path if one is given. Each patch counts once. */
  assertPatch(to?: string | RegExp): void {
    const patches = this.#tab.view?.patches ?? [];
    const at = patches.findIndex((patch) => to === undefined || matches(patch.to, to));
    if (at < 0) {
      throw failure(`the view has not been patched${to === undefined ? "" : ` to ${to}`}`, {
        candidates: patches.map((patch) => patch.to),
      });
    }
    patches.splice(at, 1);
  }

  /** Asserts the answer to the last event. */
  assertReply(expected: unknown): void {
    const { lastReply } = this.#tab;
    if (isDeepStrictEqual(lastReply, expected)) return;
    throw failure("the view answered something else", {
      expected: JSON.stringify(expected),
      got: lastReply === undefined ? "no reply" : JSON.stringify(lastReply),
    });
  }

  /** Asserts that the view pushed an event, with this payload if one is given. Each event counts once. */
  assertPushEvent(name: string, payload?: unknown): void {
    const events = this.#tab.view?.events ?? [];
    const at = events.findIndex(
      (event) =>
        event[0] === name && (payload === undefined || isDeepStrictEqual(event[1], payload)),
    );
    if (at < 0) {
      throw failure(`the view has not pushed the event "${name}"`, {
        ...(payload !== undefined && { expected: JSON.stringify(payload) }),
        candidates: events.map((event) => `${event[0]} ${JSON.stringify(event[1])}`),
      });
    }
    events.splice(at, 1);
  }
}

const matches = (got: string, expected: string | RegExp): boolean =>
  typeof expected === "string" ? got === expected : expected.test(got);

function assertLeads(got: string | undefined, to: string | RegExp | undefined): void {
  if (got !== undefined && (to === undefined || matches(got, to))) return;
  throw failure("the page does not redirect there", {
    expected: to === undefined ? "a redirect" : `a redirect to ${to}`,
    got: got ?? "no redirect",
  });
}
