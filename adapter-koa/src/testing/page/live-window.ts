import type { Element } from "domhandler";
import type { Tab } from "../browser/tab.js";
import { failure } from "../failure.js";
import { runBinding } from "../forms/binding.js";
import { describeElement } from "../html/page-html.js";

/** Additional data of a key event, such as `ctrlKey`. */
export type KeyOptions = Readonly<Record<string, unknown>>;

/** Returns whether an element listens for a key. Without `live-key` it listens for every key. */
export const listensFor = ({ attribs }: Element, key: string): boolean =>
  attribs["live-key"] === undefined || attribs["live-key"].toLowerCase() === key.toLowerCase();

/**
 * The window of a page. Each event runs the `live-window-…` bindings of all elements, and fails if no element has one.
 */
export class LiveWindow {
  readonly #tab: Tab;

  /** Created by `page.window`. */
  constructor(tab: Tab) {
    this.#tab = tab;
  }

  /** Presses a key, for elements with `live-window-keydown`. */
  keydown(key: string, more: KeyOptions = {}): Promise<string> {
    return this.run("keydown", { key, ...more });
  }

  /** Releases a key, for elements with `live-window-keyup`. */
  keyup(key: string, more: KeyOptions = {}): Promise<string> {
    return this.run("keyup", { key, ...more });
  }

  /** Focuses the window, for elements with `live-window-focus`. */
  focus(): Promise<string> {
    return this.run("focus");
  }

  /** Removes the focus from the window, for elements with `live-window-blur`. */
  blur(): Promise<string> {
    return this.run("blur");
  }

  /** Runs the bindings of all elements for an event of the window. */
  async run(type: string, payload: Readonly<Record<string, unknown>> = {}): Promise<string> {
    const binding = `live-window-${type}`;
    const bound = this.#tab.html.all(`[${binding}]`);
    const { key } = payload;
    const listening = bound.filter(
      (element) => typeof key !== "string" || listensFor(element, key),
    );
    if (listening.length === 0) {
      throw failure(
        `no element has ${binding}${key === undefined ? "" : ` for the key "${key}"`}`,
        {
          candidates: bound.map(describeElement),
        },
      );
    }
    for (const element of listening) {
      if (!this.#tab.departure) await runBinding(this.#tab, element, binding, type, payload);
    }
    return this.#tab.html.toHtml();
  }
}
