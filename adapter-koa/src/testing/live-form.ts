import type { Element } from "domhandler";
import { failure } from "./failure.js";
import { FormFields, type FormValues, formOf, isDisabled, typeOf } from "./form-fields.js";
import { describeElement, type PageHtml } from "./page-html.js";
import type { Tab } from "./tab.js";
import { assertForView } from "./view-target.js";

/** Finds an element of the page, or throws. */
export type Finder = (html: PageHtml) => Element;

/** What goes along with a form's fields. */
export interface UncheckedOptions {
  /** Values by field name that nothing checks, as of hidden fields; they take the place of the form's. */
  readonly unchecked?: Readonly<Record<string, string>>;
}

/** How a form changes. */
export interface ChangeOptions extends UncheckedOptions {
  /**
   * The field that changed last, told as `_target`, by its name or path: `"user[email]"`,
   * `["user", "email"]`; by default the last one that was filled in.
   */
  readonly target?: string | readonly string[];
}

/** How a form is submitted. */
export interface SubmitOptions extends UncheckedOptions {
  /** A selector of the button that is pressed; its name and value go along. */
  readonly submitter?: string;
}

/**
 * A form of the page, filled in. What is filled in stays, as in a browser: a handle that is used again
 * sends the same values.
 */
export class LiveForm {
  readonly #tab: Tab;
  readonly #find: Finder;
  readonly #values: FormValues;

  /** Made by `page.form`. */
  constructor(tab: Tab, find: Finder, values: FormValues) {
    this.#tab = tab;
    this.#find = find;
    this.#values = values;
  }

  /**
   * Sends the form's `live-change` event, as typing does.
   *
   * @returns the page's HTML afterwards
   */
  async change(options: ChangeOptions = {}): Promise<string> {
    const { form, fields } = this.#look();
    const target = nameOf(options.target) ?? Object.keys(this.#values).at(-1);
    const field = target === undefined ? undefined : fields.named(target)[0];
    const bound = field && "live-change" in field.attribs ? field : form;
    const event = bound.attribs["live-change"];
    if (event === undefined) throw missing(form, "live-change");
    assertForView(this.#tab.html, bound);
    const used = new Set(Object.keys(this.#values));
    const entries = this.#unusedMarked(fields, used).filter(([name]) => bound === form || name === target);
    const params = new URLSearchParams(entries);
    if (target !== undefined) params.append("_target", target);
    return this.#push(event, withUnchecked(withValues(params, bound), options));
  }

  /**
   * Submits the form: sends its `live-submit` event, or else, as a browser does, a request to its action
   * whose answer takes the page's place.
   *
   * @returns the page's HTML afterwards
   */
  submit({ submitter, ...options }: SubmitOptions = {}): Promise<string> {
    return this.submitBy(bySelector(submitter), options);
  }

  /** Submits the form by a button, for whoever has no selector of it. */
  async submitBy(find: Finder | undefined, options: UncheckedOptions = {}): Promise<string> {
    const { form, params, button } = this.#collect(find, options);
    const event = form.attribs["live-submit"];
    if (event !== undefined && this.#tab.isConnected) {
      assertForView(this.#tab.html, form);
      return this.#push(event, withValues(params, form));
    }
    if (event !== undefined && form.attribs.action === undefined) {
      throw failure("the form has no action, and the page is not connected", {
        expected: "await page.connect() before",
      });
    }
    if (form.attribs.action === undefined) throw missing(form, "live-submit or action");
    return this.#request(form, params, button);
  }

  /**
   * Sends the form to its action over HTTP, as a browser without scripts does, whatever its bindings are.
   * The answer takes the page's place.
   *
   * @throws AssertionError when the form has no action
   */
  async submitToAction({ submitter, ...options }: SubmitOptions = {}): Promise<string> {
    const { form, params, button } = this.#collect(bySelector(submitter), options);
    if (form.attribs.action === undefined && button?.attribs.formaction === undefined)
      throw missing(form, "action");
    return this.#request(form, params, button);
  }

  /**
   * Sends the form to its action, as the browser does once the view has rendered it with
   * `live-trigger-action`. The answer takes the page's place.
   *
   * @throws AssertionError when the form is not triggered
   */
  async followTriggerAction(): Promise<string> {
    const { form, fields } = this.#look();
    if (!("live-trigger-action" in form.attribs)) {
      throw failure("the view has not triggered the form's action", {
        expected: "a form with live-trigger-action",
        got: describeElement(form),
      });
    }
    return this.#request(form, toParams(fields.entries(this.#values)));
  }

  #collect(find: Finder | undefined, options: UncheckedOptions) {
    const { html, form, fields } = this.#look();
    const button = find && checkSubmitter(html, form, find(html));
    const params = toParams(fields.entries(this.#values));
    if (button?.attribs.name) params.append(button.attribs.name, button.attribs.value ?? "");
    return { form, params: withUnchecked(params, options), button };
  }

  #look(): { html: PageHtml; form: Element; fields: FormFields } {
    const { html } = this.#tab;
    const form = this.#find(html);
    if (form.name !== "form") {
      throw failure("the element is no form", {
        got: describeElement(form),
        candidates: html.all("form").map(describeElement),
      });
    }
    return { html, form, fields: new FormFields(html, form) };
  }

  /** As the client does, a field that has not been used is announced by an empty `_unused_` one. */
  #unusedMarked(fields: FormFields, used: ReadonlySet<string>): string[][] {
    const visible = new Set(fields.visibleNames);
    return fields.entries(this.#values).flatMap(([name, value]) =>
      visible.has(name) && !used.has(name)
        ? [
            [unused(name), ""],
            [name, value],
          ]
        : [[name, value]],
    );
  }

  async #push(event: string, params: URLSearchParams): Promise<string> {
    await this.#tab.push("form", event, params.toString());
    return this.#tab.html.toHtml();
  }

  async #request(form: Element, params: URLSearchParams, button?: Element): Promise<string> {
    const { formaction, formmethod } = button?.attribs ?? {};
    const url = new URL(formaction ?? form.attribs.action ?? "", this.#tab.url);
    const method = (formmethod ?? form.attribs.method ?? "get").toLowerCase();
    if (method === "post") await this.#tab.load(url, { method: "POST", body: params.toString() });
    else {
      url.search = params.toString();
      await this.#tab.load(url);
    }
    return this.#tab.html.toHtml();
  }
}

/** Whether an element is a button that submits. */
export const isSubmitter = (element: Element): boolean =>
  element.name === "button"
    ? (element.attribs.type ?? "submit").toLowerCase() === "submit"
    : ["submit", "image"].includes(typeOf(element));

/** The `live-value-…` attributes of an element. */
export function liveValues({ attribs }: Element): Record<string, string> {
  const prefix = "live-value-";
  const own = Object.entries(attribs).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(own.map(([name, value]) => [name.slice(prefix.length), value]));
}

function withValues(params: URLSearchParams, element: Element): URLSearchParams {
  for (const [name, value] of Object.entries(liveValues(element))) params.set(name, value);
  return params;
}

function withUnchecked(params: URLSearchParams, { unchecked = {} }: UncheckedOptions): URLSearchParams {
  for (const [name, value] of Object.entries(unchecked)) params.set(name, value);
  return params;
}

const bySelector = (selector: string | undefined): Finder | undefined =>
  selector === undefined ? undefined : (html) => html.one(selector);

/** The name of a field from its path. */
function nameOf(target: string | readonly string[] | undefined): string | undefined {
  if (target === undefined || typeof target === "string") return target;
  const [first = "", ...rest] = target;
  return first + rest.map((part) => `[${part}]`).join("");
}

const unused = (name: string): string => name.replace(/([^[\]]+)(\]?(?:\[\])?)$/, "_unused_$1$2");

const toParams = (entries: readonly (readonly [string, string])[]): URLSearchParams =>
  new URLSearchParams(entries.map(([name, value]) => [name, value]));

function checkSubmitter(html: PageHtml, form: Element, button: Element): Element {
  if (isDisabled(button)) throw failure("the button is disabled", { got: describeElement(button) });
  if (isSubmitter(button) && formOf(html, button) === form) return button;
  const others = html
    .all("button, input")
    .filter((other) => isSubmitter(other) && formOf(html, other) === form);
  throw failure("the element does not submit the form", {
    got: describeElement(button),
    candidates: others.map(describeElement),
  });
}

const missing = (form: Element, attribute: string) =>
  failure(`the form has no ${attribute}`, { got: describeElement(form) });
