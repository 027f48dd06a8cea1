import type { Element } from "domhandler";
import type { Tab } from "../browser/tab.js";
import { failure } from "../failure.js";
import { runBinding } from "../forms/binding.js";
import { isDisabled } from "../forms/field-value.js";
import { formOf } from "../forms/form-fields.js";
import { LiveForm } from "../forms/live-form.js";
import { isSubmitter } from "../forms/submitter.js";
import { closest, describeElement, isShown, type PageHtml, textOf } from "../html/page-html.js";
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
   * an element around it, follows its link, and submits its form.
   *
   * @returns the page's HTML afterwards
   * @throws AssertionError when the element is missing or disabled, or a click on it has no effect
   */
  async click(): Promise<string> {
    this.#tab.assertAlive();
    const { html } = this.#tab;
    const element = this.#find(html);
    assertEnabled(html, element);
    const bound = closest(element, ({ attribs }) => "live-click" in attribs);
    const link = closest(element, ({ name, attribs }) => name === "a" && "href" in attribs);
    // The form sends its fields as they are before the click's events have changed the page.
    const submit = link ? undefined : this.#prepareSubmit(html, element);
    const away = clickedAway(html, element);
    if (!bound && !link && !submit && away.length === 0) throw noEffect(html, element);
    for (const other of away) await this.#run(other, "live-click-away", "click");
    const pushClick = async (): Promise<void> => {
      // Without a connection, the event is skipped if a link or a form still works.
      const isSent = this.#tab.isConnected || !(link || submit);
      if (bound && isSent) await this.#run(bound, "live-click", "click");
    };
    // As in the browser, a patch precedes the event, because the view stays.
    const isPatch = link !== undefined && "live-patch" in link.attribs;
    if (!isPatch) await pushClick();
    if (link && !this.#tab.departure) await this.#follow(link, bound !== undefined);
    if (isPatch) await pushClick();
    if (submit && !this.#tab.departure) await submit();
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

  /** @param isBound whether the link also has an event; then its `href` may be "#", which is not followed */
  async #follow(link: Element, isBound: boolean): Promise<void> {
    const { href = "", "live-patch": patch, "live-navigate": navigate } = link.attribs;
    if (href === "#" && isBound) return;
    if (patch !== undefined && this.#tab.isConnected) await this.#tab.patch(patch || href);
    else if (navigate !== undefined && this.#tab.isConnected)
      await this.#tab.navigate(navigate || href);
    else await this.#tab.load(href);
  }

  /** Prepares the submit of the button's form. Returns `undefined` without a form, or if it only closes a dialog. */
  #prepareSubmit(html: PageHtml, element: Element): (() => Promise<string>) | undefined {
    const button = closest(element, isSubmitter);
    const form = button && formOf(html, button);
    if (!button || !form) return undefined;
    const method = button.attribs.formmethod ?? form.attribs.method ?? "";
    if (method.toLowerCase() === "dialog" && !("live-submit" in form.attribs)) return undefined;
    const findForm = (now: PageHtml) => formOf(now, this.#find(now)) ?? form;
    const findButton = (now: PageHtml) => closest(this.#find(now), isSubmitter) ?? button;
    return new LiveForm(this.#tab, findForm, {}).prepareSubmit(findButton);
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
