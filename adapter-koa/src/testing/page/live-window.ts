import type { Element } from "domhandler";
import type { Tab } from "../browser/tab.js";
import { failure } from "../failure.js";
import { runBinding } from "../forms/binding.js";
import { describeElement } from "../html/page-html.js";

/** What else an event of a key carries, as the browser tells it. */
export type KeyOptions = Readonly<Record<string, unknown>>;

/** Whether an element waits for a key; without `live-key` it waits for any. */
export const waitsFor = ({ attribs }: Element, key: string): boolean =>
  attribs["live-key"] === undefined || attribs["live-key"].toLowerCase() === key.toLowerCase();

/**
 * The window of a page: what happens there is sent by each element that is bound to it. Fails where no
 * element is.
 */
export class LiveWindow {
  readonly #tab: Tab;

  /** Made by `page.window`. */
  constructor(tab: Tab) {
    this.#tab = tab;
  }

  /** Presses a key, for elements with `live-window-keydown`. */
  keydown(key: string, more: KeyOptions = {}): Promise<string> {
    return this.run("keydown", { key, ...more });
  }

  /** Lets a key go, for elements with `live-window-keyup`. */
  keyup(key: string, more: KeyOptions = {}): Promise<string> {
    return this.run("keyup", { key, ...more });
  }

  /** Brings the window to the front, for elements with `live-window-focus`. */
  focus(): Promise<string> {
    return this.run("focus");
  }

  /** Leaves the window, for elements with `live-window-blur`. */
  blur(): Promise<string> {
    return this.run("blur");
  }

  /** Tells every element that is bound to an event of the window. */
  async run(type: string, payload: Readonly<Record<string, unknown>> = {}): Promise<string> {
    const binding = `live-window-${type}`;
    const bound = this.#tab.html.all(`[${binding}]`);
    const { key } = payload;
    const told = bound.filter((element) => typeof key !== "string" || waitsFor(element, key));
    if (told.length === 0) {
      throw failure(
        `no element has ${binding}${key === undefined ? "" : ` for the key "${key}"`}`,
        {
          candidates: bound.map(describeElement),
        },
      );
    }
    for (const element of told) {
      if (!this.#tab.departure) await runBinding(this.#tab, element, binding, type, payload);
    }
    return this.#tab.html.toHtml();
  }
}
