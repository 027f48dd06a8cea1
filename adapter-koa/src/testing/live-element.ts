import type { Element } from "domhandler";
import { failure } from "./failure.js";
import { formOf, isDisabled, typeOf } from "./form-fields.js";
import { isSubmitter, LiveForm, liveValues } from "./live-form.js";
import { closest, describeElement, type PageHtml, textOf } from "./page-html.js";
import type { Tab } from "./tab.js";

/** An element of the page, looked for anew whenever it is used. */
export class LiveElement {
  readonly #tab: Tab;
  readonly #selector: string;
  readonly #text: string | RegExp | undefined;

  /** Made by `page.element`. */
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
   * Clicks the element: sends the `live-click` event of it or what is around it, follows its link, or
   * submits its form.
   *
   * @returns the page's HTML afterwards
   * @throws AssertionError when the element is missing or disabled, or a click on it does nothing
   */
  async click(): Promise<string> {
    const { html } = this.#tab;
    const element = this.#find(html);
    const disabled = closest(
      element,
      (other) => ["button", "input"].includes(other.name) && isDisabled(other),
    );
    if (disabled) throw failure("the element is disabled", { got: describeElement(disabled) });
    const bound = closest(element, ({ attribs }) => "live-click" in attribs);
    const link = closest(element, ({ name, attribs }) => name === "a" && "href" in attribs);
    if (bound) await this.#push(bound);
    if (link && !this.#tab.departure) await this.#follow(link, bound !== undefined);
    if (!bound && !link) await this.#submit(html, element);
    return this.#tab.html.toHtml();
  }

  async #push(bound: Element): Promise<void> {
    const { attribs, name } = bound;
    const type = typeOf(bound);
    const isUnchecked = (type === "checkbox" || type === "radio") && !("checked" in attribs);
    const value = isUnchecked ? undefined : (attribs.value ?? (name === "input" ? "" : undefined));
    const values = { ...(value !== undefined && { value }), ...liveValues(bound) };
    await this.#tab.push("click", attribs["live-click"] ?? "", values);
  }

  /** @param isBound whether the link has an event too, and so may lead nowhere itself */
  async #follow(link: Element, isBound: boolean): Promise<void> {
    const { href = "", "live-patch": patch, "live-navigate": navigate } = link.attribs;
    if (href === "#" && isBound) return;
    if (patch !== undefined && this.#tab.isConnected) await this.#tab.patch(patch || href);
    else if (navigate !== undefined && this.#tab.isConnected) await this.#tab.navigate(navigate || href);
    else await this.#tab.load(href);
  }

  async #submit(html: PageHtml, element: Element): Promise<void> {
    const button = closest(element, isSubmitter);
    const form = button && formOf(html, button);
    if (!button || !form) {
      throw failure(
        "a click on the element does nothing: it has no live-click, and is no link or submit button",
        {
          got: describeElement(element),
          candidates: html.all("[live-click], a[href], form button").map(describeElement),
        },
      );
    }
    const findForm = (now: PageHtml) => formOf(now, this.#find(now)) ?? form;
    const findButton = (now: PageHtml) => closest(this.#find(now), isSubmitter) ?? button;
    await new LiveForm(this.#tab, findForm, {}).submitBy(findButton);
  }

  #find(html: PageHtml): Element {
    return html.one(this.#selector, this.#text);
  }
}
