import type { Element } from "domhandler";
import type { Tab } from "../browser/tab.js";
import { failure } from "../failure.js";
import { runBinding } from "../forms/binding.js";
import { isDisabled } from "../forms/control-type.js";
import { labelledControl } from "../forms/label.js";
import { closest, describeElement, isShown, type PageHtml, textOf } from "../html/page-html.js";
import { Click } from "./click.js";
import { type KeyOptions, LiveWindow, listensFor } from "./live-window.js";

/** An element of the page. Each use searches for it again. */
export class LiveElement {
  readonly #tab: Tab;
  readonly #selector: string;
  readonly #text: string | RegExp | undefined;

  /** Created by `page.element`. */
  constructor(tab: Tab, selector: string, text: string | RegExp | undefined) {
    this.#tab = tab;
    this.#selector = selector;
    this.#text = text;
  }

  /** The element's HTML. */
  render(): string {
    const { html } = this.#tab;
    return html.toHtml(this.#find(html));
  }

  /** The element's text. */
  get text(): string {
    return textOf(this.#find(this.#tab.html));
  }

  /**
   * Clicks the element: sends the `live-click-away` events of other elements and the `live-click` event of this element or
   * an element around it, follows its link, and submits its form. A click on a checkbox, a radio button or their label
   * changes its form, and a click on a reset button resets it.
   *
   * @returns the page's HTML afterwards
   * @throws AssertionError when the element is missing or disabled, or a click on it has no effect
   */
  async click(): Promise<string> {
    this.#tab.assertAlive();
    const { html } = this.#tab;
    const element = this.#find(html);
    assertEnabled(html, element);
    const clicks = [new Click(this.#tab, (now) => this.#find(now))];
    const control = labelledControl(html, element);
    if (control) {
      const find = (now: PageHtml) => labelledControl(now, this.#find(now)) ?? control;
      clicks.push(new Click(this.#tab, find));
    }
    const away = clickedAway(html, element);
    if (away.length === 0 && !clicks.some(({ hasEffect }) => hasEffect))
      throw noEffect(html, element);
    for (const other of away) await this.#run(other, "live-click-away", "click");
    for (const click of clicks) if (!this.#tab.departure) await click.run();
    return this.#tab.html.toHtml();
  }

  /** Clicks outside of the element: sends its `live-click-away` event. */
  clickAway(): Promise<string> {
    return this.#send("live-click-away", "click");
  }

  /** Focuses the element: sends its `live-focus` event. */
  focus(): Promise<string> {
    return this.#send("live-focus", "focus");
  }

  /** Removes the focus from the element: sends its `live-blur` event. */
  blur(): Promise<string> {
    return this.#send("live-blur", "blur");
  }

  /**
   * Presses a key on the element: sends its `live-keydown` event. Without this binding, sends the `live-window-keydown`
   * events of the page.
   *
   * @param more additional data of the event
   */
  keydown(key: string, more: KeyOptions = {}): Promise<string> {
    return this.#key("keydown", key, more);
  }

  /** Releases a key; see {@link keydown}. */
  keyup(key: string, more: KeyOptions = {}): Promise<string> {
    return this.#key("keyup", key, more);
  }

  async #key(type: "keydown" | "keyup", key: string, more: KeyOptions): Promise<string> {
    const { html } = this.#tab;
    const element = this.#find(html);
    const binding = `live-${type}`;
    if (!(binding in element.attribs) && html.all(`[live-window-${type}]`).length > 0) {
      return new LiveWindow(this.#tab).run(type, { key, ...more });
    }
    if (binding in element.attribs && !listensFor(element, key)) {
      throw failure(`the element does not listen for the key "${key}"`, {
        got: describeElement(element),
      });
    }
    return this.#send(binding, type, { key, ...more });
  }

  async #send(binding: string, type: string, more: KeyOptions = {}): Promise<string> {
    const { html } = this.#tab;
    const element = this.#find(html);
    assertEnabled(html, element);
    if (!(binding in element.attribs)) {
      throw failure(`the element has no ${binding}`, {
        got: describeElement(element),
        candidates: html.all(`[${binding}]`).map(describeElement),
      });
    }
    await this.#run(element, binding, type, more);
    return this.#tab.html.toHtml();
  }

  async #run(
    element: Element,
    binding: string,
    type: string,
    more: KeyOptions = {},
  ): Promise<void> {
    if (!this.#tab.departure) await runBinding(this.#tab, element, binding, type, more);
  }

  #find(html: PageHtml): Element {
    return html.one(this.#selector, this.#text);
  }
}

function assertEnabled(html: PageHtml, element: Element): void {
  const controls = ["button", "input", "select", "textarea"];
  const disabled = closest(element, (other) => controls.includes(other.name) && isDisabled(other));
  if (!disabled) return;
  const others = html.all(disabled.name).filter((other) => !isDisabled(other));
  throw failure("the element is disabled", {
    got: describeElement(disabled),
    candidates: others.map(describeElement),
  });
}

/** Returns the elements with `live-click-away` that do not contain the clicked element. */
function clickedAway(html: PageHtml, element: Element): readonly Element[] {
  if (!isShown(element)) return [];
  const bound = html.all("[live-click-away]").filter(isShown);
  return bound.filter((other) => !closest(element, (one) => one === other));
}

const noEffect = (html: PageHtml, element: Element) =>
  failure(
    "a click on the element has no effect: it has no live-click and is not a link or a submit button",
    {
      got: describeElement(element),
      candidates: html.all("[live-click], a[href], form button").map(describeElement),
    },
  );
