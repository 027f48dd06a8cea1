import type { Element } from "domhandler";
import type { Tab } from "../browser/tab.js";
import { failure } from "../failure.js";
import { describeElement, type PageHtml } from "../html/page-html.js";
import { liveValues, perform } from "./binding.js";
import { FormFields, type FormValues } from "./form-fields.js";
import { checkSubmitter } from "./submitter.js";

/** Finds an element of the page, or throws if there is none. */
export type Finder = (html: PageHtml) => Element;

/** Additional values that are sent with a form. */
export interface UncheckedOptions {
  /** Values by field name that replace those of the form and are not checked, for example of hidden fields. */
  readonly unchecked?: Readonly<Record<string, string>>;
}

/** Options of {@link LiveForm.change}. */
export interface ChangeOptions extends UncheckedOptions {
  /**
   * The field that changed last, sent as `_target`. A name or a path: `"user[email]"` or `["user", "email"]`. By default
   * the last field that was filled in.
   */
  readonly target?: string | readonly string[];
}

/** Options of {@link LiveForm.submit}. */
export interface SubmitOptions extends UncheckedOptions {
  /** A selector of the button that is pressed. The form also sends the button's name and value. */
  readonly submitter?: string;
}

/**
 * A form of the page with the values that a test fills in. The values stay, as in a browser: each use of the same object
 * sends them again.
 */
export class LiveForm {
  readonly #tab: Tab;
  readonly #find: Finder;
  readonly #values: FormValues;

  /** Created by `page.form`. */
  constructor(tab: Tab, find: Finder, values: FormValues) {
    this.#tab = tab;
    this.#find = find;
    this.#values = values;
  }

  /**
   * Sends the form's `live-change` event, as typing into it does.
   *
   * @returns the page's HTML afterwards
   */
  async change(options: ChangeOptions = {}): Promise<string> {
    const { form, fields } = this.#look();
    const target = nameOf(options.target) ?? Object.keys(this.#values).at(-1);
    const field = target === undefined ? undefined : fields.named(target);
    const bound = field && "live-change" in field.attribs ? field : form;
    if (!("live-change" in bound.attribs)) throw missing(form, "live-change");
    const used = new Set(Object.keys(this.#values));
    const entries = this.#unusedMarked(fields, used).filter(
      ([name]) => bound === form || name === target,
    );
    const params = toParams(entries);
    if (target !== undefined) params.append("_target", target);
    const values = { ...liveValues(form), ...liveValues(bound) };
    return this.#runBinding(bound, "live-change", withValues(params, options.unchecked), values);
  }

  /**
   * Submits the form: sends its `live-submit` event. Without this event, sends a request to its action, as a browser does,
   * and the response replaces the page.
   *
   * @returns the page's HTML afterwards
   */
  async submit({ submitter, ...options }: SubmitOptions = {}): Promise<string> {
    return this.prepareSubmit(bySelector(submitter), options)();
  }

  /**
   * Collects the fields as they are now and returns a function that submits them.
   *
   * @param find finds the button that is pressed
   * @throws AssertionError when the form has neither `live-submit` nor an action
   */
  prepareSubmit(find: Finder | undefined, options: UncheckedOptions = {}): () => Promise<string> {
    this.#tab.assertAlive();
    const { form, params, button } = this.#collect(find, options);
    const isBound = "live-submit" in form.attribs;
    if (isBound && this.#tab.isConnected) {
      return () => this.#runBinding(form, "live-submit", params, liveValues(form));
    }
    if (isBound && form.attribs.action === undefined) {
      throw failure("the form has no action, and the page is not connected", {
        expected: "await page.connect() first",
      });
    }
    if (form.attribs.action === undefined) {
      throw missing(
        form,
        "live-submit or action",
        button && 'type="button" on a button that does not submit',
      );
    }
    return () => this.#request(form, params, button);
  }

  /**
   * Sends the form to its action over HTTP, as a browser without JavaScript does. Ignores its bindings. The response
   * replaces the page.
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
   * Sends the form to its action, as the browser does after the view has rendered it with `live-trigger-action`. The
   * response replaces the page.
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
    const params = toParams(fields.entries(this.#values, button));
    return { form, params: withValues(params, options.unchecked), button };
  }

  #look(): { html: PageHtml; form: Element; fields: FormFields } {
    const { html } = this.#tab;
    const form = this.#find(html);
    if (form.name !== "form") {
      throw failure("the element is not a form", {
        got: describeElement(form),
        candidates: html.all("form").map(describeElement),
      });
    }
    return { html, form, fields: new FormFields(html, form) };
  }

  /** Adds an empty `_unused_…` entry before each field that has not been used, as the client does. */
  #unusedMarked(fields: FormFields, used: ReadonlySet<string>): (readonly [string, string])[] {
    const visible = new Set(fields.visibleNames);
    return fields.entries(this.#values).flatMap((entry) => {
      const [name] = entry;
      return visible.has(name) && !used.has(name) ? [[unused(name), ""] as const, entry] : [entry];
    });
  }

  /** Runs a binding of the form. `values` replace fields of the same name; the values of a command replace both. */
  async #runBinding(
    bound: Element,
    binding: string,
    params: URLSearchParams,
    values: object,
  ): Promise<string> {
    await perform(this.#tab, bound, binding, (event, added) =>
      this.#tab.push("form", event, withValues(params, { ...values, ...added }).toString()),
    );
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

/** Returns the params with additional values, which replace params of the same name. */
function withValues(params: URLSearchParams, values: Readonly<Record<string, unknown>> = {}) {
  const all = new URLSearchParams(params);
  for (const [name, value] of Object.entries(values)) all.set(name, String(value));
  return all;
}

const bySelector = (selector: string | undefined): Finder | undefined =>
  selector === undefined ? undefined : (html) => html.one(selector);

/** Returns the name of a field, given its name or path. */
function nameOf(target: string | readonly string[] | undefined): string | undefined {
  if (target === undefined || typeof target === "string") return target;
  const [first = "", ...rest] = target;
  return first + rest.map((part) => `[${part}]`).join("");
}

const unused = (name: string): string => name.replace(/([^[\]]+)(\]?(?:\[\])?)$/, "_unused_$1$2");

const toParams = (entries: readonly (readonly [string, string])[]): URLSearchParams =>
  new URLSearchParams(entries.map(([name, value]) => [name, value]));

const missing = (form: Element, attribute: string, expected?: string) =>
  failure(`the form has no ${attribute}`, {
    ...(expected !== undefined && { expected }),
    got: describeElement(form),
  });
