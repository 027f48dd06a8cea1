import type { Element } from "domhandler";
import type { Tab } from "../browser/tab.js";
import { runBinding } from "../forms/binding.js";
import { buttonTypeOf, isCheckable, typeOf } from "../forms/control-type.js";
import { isChecked } from "../forms/field-value.js";
import { formOf } from "../forms/form-owner.js";
import { type Finder, LiveForm } from "../forms/live-form.js";
import { isSubmitter } from "../forms/submitter.js";
import { closest, type PageHtml } from "../html/page-html.js";

/** A click on an element, with its effects in the page at the time of the click. */
export class Click {
  readonly #tab: Tab;
  readonly #find: Finder;
  readonly #element: Element;
  readonly #bound: Element | undefined;
  readonly #link: Element | undefined;
  /** Submits the form, or sends the change that the click makes in it. */
  readonly #useForm: (() => Promise<string>) | undefined;

  constructor(tab: Tab, find: Finder) {
    this.#tab = tab;
    this.#find = find;
    this.#element = find(tab.html);
    this.#bound = closest(this.#element, ({ attribs }) => "live-click" in attribs);
    this.#link = closest(this.#element, ({ name, attribs }) => name === "a" && "href" in attribs);
    // The form sends its fields as they are before the click's events have changed the page.
    this.#useForm = this.#link ? undefined : this.#prepareForm();
  }

  /** Whether the click sends an event, follows a link or uses a form. */
  get hasEffect(): boolean {
    return !!(this.#bound || this.#link || this.#useForm);
  }

  /** Sends the event of `live-click`, follows the link, and uses the form, unless one of these navigates away. */
  async run(): Promise<void> {
    const link = this.#link;
    // As in the browser, a patch precedes the event, because the view stays.
    const isPatch = link !== undefined && "live-patch" in link.attribs;
    if (!isPatch) await this.#push();
    if (link && !this.#tab.departure) await this.#follow(link);
    if (isPatch) await this.#push();
    if (this.#useForm && !this.#tab.departure) await this.#useForm();
  }

  async #push(): Promise<void> {
    const bound = this.#bound;
    // Without a connection, the event is skipped if a link or a form still works.
    const isSent = this.#tab.isConnected || !(this.#link || this.#useForm);
    if (!bound || !isSent || this.#tab.departure) return;
    const isToggled = bound === this.#element && isCheckable(bound);
    const checked = isToggled ? this.#isCheckedAfterwards : undefined;
    await runBinding(this.#tab, bound, "live-click", "click", {}, checked);
  }

  get #isCheckedAfterwards(): boolean {
    return typeOf(this.#element) === "radio" || !isChecked(this.#element);
  }

  async #follow({ attribs }: Element): Promise<void> {
    const { href = "", "live-patch": patch, "live-navigate": navigate } = attribs;
    if (href === "#" && this.#bound) return;
    if (patch !== undefined && this.#tab.isConnected) await this.#tab.patch(patch || href);
    else if (navigate !== undefined && this.#tab.isConnected)
      await this.#tab.navigate(navigate || href);
    else await this.#tab.load(href);
  }

  /** Prepares the use of the form. Returns `undefined` without a form, or if the click does not use it. */
  #prepareForm(): (() => Promise<string>) | undefined {
    const control = clickedControl(this.#element);
    const form = control && formOf(control);
    if (!control || !form) return undefined;
    const findForm = (now: PageHtml) => formOf(this.#find(now)) ?? form;
    const liveForm = new LiveForm(this.#tab, findForm, {});
    if (!isSubmitter(control)) return this.#prepareChange(liveForm, control);
    const method = control.attribs.formmethod ?? form.attribs.method ?? "";
    if (method.toLowerCase() === "dialog" && !("live-submit" in form.attribs)) return undefined;
    return liveForm.prepareSubmit((now) => clickedControl(this.#find(now)) ?? control);
  }

  #prepareChange(form: LiveForm, control: Element): (() => Promise<string>) | undefined {
    const isSame = typeOf(control) === "radio" && isChecked(control);
    const find = (now: PageHtml) => clickedControl(this.#find(now)) ?? control;
    return isSame ? undefined : form.prepareClick(find);
  }
}

/** Returns the control that a click on an element uses: a checkbox, a radio button, or a button around the element. */
const clickedControl = (element: Element): Element | undefined =>
  isCheckable(element) ? element : closest(element, isFormButton);

const isFormButton = (element: Element): boolean =>
  ["submit", "reset"].includes(buttonTypeOf(element) ?? "");
