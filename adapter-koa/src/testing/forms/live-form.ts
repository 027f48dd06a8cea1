import type { Element } from "domhandler";
import type { Tab } from "../browser/tab.js";
import { failure } from "../failure.js";
import { describeElement, type PageHtml } from "../html/page-html.js";
import { nestedViewOf } from "../html/view-target.js";
import { liveValues, perform } from "./binding.js";
import { isCheckable, isDisabled } from "./control-type.js";
import { setFields, unusedName } from "./event-fields.js";
import type { FormValues } from "./filled-value.js";
import { type Entry, FormFields } from "./form-fields.js";
import { toRequest } from "./form-request.js";
import { checkSubmitter } from "./submitter.js";

/** Finds an element of the page, or throws if there is none. */
export type Finder = (html: PageHtml) => Element;

/** Additional values that are sent with a form. */
export interface UncheckedOptions {
  /**
   * Values by field name that replace those of the form and are not checked, for example of hidden fields. Objects and lists
   * are sent as fields, `user[name]` and `tags[]`.
   */
  readonly unchecked?: Readonly<Record<string, unknown>>;
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
  /**
   * A selector of the button that is pressed. The form also sends the button's name and value. By default the first submit
   * button of the form, which Enter presses; `null` for none, as `form.requestSubmit()` of a script.
   */
  readonly submitter?: string | null;
}

/**
 * A form of the page with the values that a test fills in. The values stay, as in a browser: each use of the same object
 * sends them again.
 */
export class LiveForm {
  readonly #tab: Tab;
  readonly #find: Finder;
  readonly #values: FormValues;
  /** Whether the test has submitted the form, which marks all its fields as used. */
  #isSubmitted = false;

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
    const bound = changeBinding(form, field);
    if (!bound) throw missing(form, "live-change");
    const used = [...Object.keys(this.#values), ...(target === undefined ? [] : [target])];
    const entries = this.#marked(fields, fields.entries(this.#values), used);
    const params = toParams(entries.filter(([name]) => bound === form || name === target));
    if (target !== undefined) params.append("_target", target);
    return this.#runChange(form, bound, withValues(params, options.unchecked));
  }

  /**
   * Prepares the event of a click on a checkbox, a radio button or a reset button. Returns a function that sends it, or
   * `undefined` if nothing in the page has a `live-change` for it.
   *
   * @param find finds the control
   */
  prepareClick(find: Finder): (() => Promise<string>) | undefined {
    const { html, form, fields } = this.#look();
    const control = find(html);
    const isReset = !isCheckable(control);
    const field = isReset ? fields.resetButton : control;
    const bound = changeBinding(form, field);
    const { name = "", value = "" } = field?.attribs ?? {};
    if (!bound || isDisabled(control)) return undefined;
    const sent = fields.entries({}, isReset ? {} : { toggled: control });
    const entries = this.#marked(fields, sent, [name]);
    const params = toParams(entries.filter((entry) => bound === form || entry[0] === name));
    if (name && isReset) params.append(name, value);
    if (name) params.append("_target", name);
    return () => this.#runChange(form, bound, params);
  }

  /**
   * Submits the form: sends its `live-submit` event. Without this event, sends a request to its action, as a browser does,
   * and the response replaces the page.
   *
   * @returns the page's HTML afterwards
   */
  async submit({ submitter, ...options }: SubmitOptions = {}): Promise<string> {
    return this.prepareSubmit(this.#pressed(submitter), options)();
  }

  /**
   * Collects the fields as they are now and returns a function that submits them.
   *
   * @param find finds the button that is pressed
   * @throws AssertionError when the form has neither `live-submit` nor an action
   */
  prepareSubmit(find: Finder | undefined, options: UncheckedOptions = {}): () => Promise<string> {
    this.#tab.assertAlive();
    const { form, entries, button } = this.#collect(find);
    const isBound = "live-submit" in form.attribs;
    if (isBound && this.#tab.isConnected) {
      const params = withValues(toParams(entries), options.unchecked);
      return () => {
        this.#isSubmitted = true;
        this.#tab.submitters.set(this.#keyOf(form), nameAndValue(button));
        return this.#runBinding(form, "live-submit", params, liveValues(form));
      };
    }
    if (actionOf(form, button) === undefined) {
      throw isBound
        ? failure("the form has no action, and the page is not connected", {
            expected: "await page.connect() first",
          })
        : missing(
            form,
            "live-submit or action",
            button && 'type="button" on a button that does not submit',
          );
    }
    return () => this.#request(form, withUnchecked(entries, options), button);
  }

  /**
   * Sends the form to its action over HTTP, as a browser without JavaScript does. Ignores its bindings. The response
   * replaces the page.
   *
   * @throws AssertionError when the form has no action
   */
  async submitToAction({ submitter, ...options }: SubmitOptions = {}): Promise<string> {
    const { form, entries, button } = this.#collect(this.#pressed(submitter));
    if (actionOf(form, button) === undefined) throw missing(form, "action");
    return this.#request(form, withUnchecked(entries, options), button);
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
    const submitter = this.#tab.submitters.get(this.#keyOf(form));
    return this.#request(form, [
      ...fields.entries(this.#values),
      ...(submitter ? [submitter] : []),
    ]);
  }

  #collect(find: Finder | undefined) {
    const { html, form, fields } = this.#look();
    const button = find && checkSubmitter(form, find(html));
    return { form, entries: fields.entries(this.#values, { submitter: button }), button };
  }

  /** Returns a function that finds the button that a test presses; `undefined` if it presses none. */
  #pressed(selector: string | null | undefined): Finder | undefined {
    if (selector === null) return undefined;
    if (selector !== undefined) return (html) => html.one(selector);
    const button = this.#look().fields.defaultButton;
    return button && ((html) => new FormFields(this.#find(html)).defaultButton ?? button);
  }

  /** Returns a string that identifies the form in later renders of the page. */
  #keyOf({ attribs }: Element): string {
    const { html } = this.#tab;
    return attribs.id ?? String(html.all("form").indexOf(this.#find(html)));
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
    return { html, form, fields: new FormFields(form) };
  }

  /** Adds an empty `_unused_…` entry before each field that has not been used, as the client does. */
  #marked(fields: FormFields, entries: readonly Entry[], used: readonly string[]): Entry[] {
    const visible = new Set(this.#isSubmitted ? [] : fields.visibleNames);
    for (const name of used) visible.delete(name);
    return entries.flatMap((entry): Entry[] => {
      const [name, value] = entry;
      // Live forms send no files.
      if (typeof value !== "string") return [];
      return visible.has(name) ? [[unusedName(name), ""], entry] : [entry];
    });
  }

  #runChange(form: Element, bound: Element, params: URLSearchParams): Promise<string> {
    return this.#runBinding(bound, "live-change", params, {
      ...liveValues(form),
      ...liveValues(bound),
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
      this.#tab.push(
        "form",
        event,
        withValues(params, { ...values, ...added }).toString(),
        nestedViewOf(bound),
      ),
    );
    return this.#tab.html.toHtml();
  }

  async #request(form: Element, entries: readonly Entry[], button?: Element): Promise<string> {
    const { url, ...request } = await toRequest(form, button, entries, this.#tab.url);
    await this.#tab.load(url, request);
    return this.#tab.html.toHtml();
  }
}

/** Returns the element whose `live-change` sends a field: the field itself or its form. */
const changeBinding = (form: Element, field: Element | undefined): Element | undefined =>
  [field, form].find((each) => each && "live-change" in each.attribs);

/** Returns where a form is sent to: a form with `method="post"` and without an action to the URL of its page. */
const actionOf = (form: Element, button: Element | undefined): string | undefined =>
  button?.attribs.formaction ??
  form.attribs.action ??
  (form.attribs.method?.toLowerCase() === "post" ? "" : undefined);

function nameAndValue(button: Element | undefined): readonly [string, string] | undefined {
  const { name, value = "" } = button?.attribs ?? {};
  return name ? [name, value] : undefined;
}

/** Returns the params with additional values, which replace params of the same name. */
function withValues(params: URLSearchParams, values: Readonly<Record<string, unknown>> = {}) {
  const all = new URLSearchParams(params);
  setFields(all, values);
  return all;
}

/** Returns the entries with the unchecked values, which replace entries of the same name. */
function withUnchecked(entries: readonly Entry[], { unchecked = {} }: UncheckedOptions): Entry[] {
  const added = withValues(new URLSearchParams(), unchecked);
  return [...entries.filter(([name]) => !added.has(name)), ...added];
}

/** Returns the name of a field, given its name or path. */
function nameOf(target: string | readonly string[] | undefined): string | undefined {
  if (target === undefined || typeof target === "string") return target;
  const [first = "", ...rest] = target;
  return first + rest.map((part) => `[${part}]`).join("");
}

/** Returns the fields of a live form, which sends no files. */
const toParams = (entries: readonly Entry[]): URLSearchParams =>
  new URLSearchParams(
    entries.flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : [])),
  );

const missing = (form: Element, attribute: string, expected?: string) =>
  failure(`the form has no ${attribute}`, {
    ...(expected !== undefined && { expected }),
    got: describeElement(form),
  });
