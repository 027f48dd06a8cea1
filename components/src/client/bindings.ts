import type { FormControl } from "./form-control.js";
import { markUsed, serializeForm } from "./forms.js";
import { holdForm } from "./held-form.js";
import type { PushOptions } from "./interop/commands.js";
import type { InteropPart } from "./interop-part.js";
import { markLoading } from "./loading-class.js";
import type { VisitOptions } from "./navigation.js";
import type { PageLoading } from "./page-loading.js";
import { leavesPage } from "./trigger-action.js";

/** Whom the bindings report to. */
export interface BindingTarget {
  /** Sends an event to the view; rejects when that fails. */
  push(type: string, event: string, value: unknown): Promise<unknown>;
  visit(to: string, options: VisitOptions): void;
  /** A form is being sent by a page load. */
  unload(): void;
  /** Whether links can be followed over the connection; if not, the browser follows them. */
  readonly isOnline: boolean;
  /** What the URLs of links are relative to. */
  readonly baseUrl: string;
  readonly loading: Pick<PageLoading, "start" | "stop">;
}

/** What an application adds to the payloads of events, by the type of the DOM event (`click`). */
export type LiveMetadata = Readonly<
  Record<string, (event: Event, element: HTMLElement) => Readonly<Record<string, unknown>>>
>;

/** The element whose bindings these are. */
export interface BindingElement extends HTMLElement {
  readonly metadata?: LiveMetadata | undefined;
}

/**
 * Listens for what happens below a `<live-session>`, shadow roots included, and acts on the elements that
 * are bound to it (`live-click`, `live-change`, `live-submit`) and on live links.
 *
 * A binding belongs to the closest `<live-session>`. Links outside of any belong to the main one.
 */
export class Bindings {
  readonly #element: BindingElement;
  readonly #interop: InteropPart;
  readonly #target: BindingTarget;
  readonly #prefix: string;
  readonly #aborter = new AbortController();
  #lastInput: { target: EventTarget; value: string } | undefined;

  constructor(
    element: BindingElement,
    interop: InteropPart,
    target: BindingTarget,
    prefix: string,
    isMain: boolean,
  ) {
    this.#element = element;
    this.#interop = interop;
    this.#target = target;
    this.#prefix = prefix;
    const { signal } = this.#aborter;
    const area = isMain ? window : element;
    area.addEventListener("click", (e) => this.#handleClick(e as MouseEvent), { signal });
    area.addEventListener("submit", this.#handleSubmit as EventListener, { signal });
    for (const type of ["input", "change"]) {
      element.addEventListener(type, (e) => this.#handleChange(e), { signal });
    }
  }

  close(): void {
    this.#aborter.abort();
  }

  /** The elements an event went through, from the innermost on, that are ours. */
  #pathOf(e: Event): HTMLElement[] {
    const path = e.composedPath().filter((node) => node instanceof HTMLElement);
    const owner = path.findIndex((element) => element.localName === "live-session");
    if (owner < 0) return path;
    return path[owner] === this.#element ? path.slice(0, owner) : [];
  }

  #handleClick(e: MouseEvent): void {
    const path = this.#pathOf(e);
    const confirm = this.#name("confirm");
    const text = path.find((element) => element.hasAttribute(confirm))?.getAttribute(confirm);
    if (text != null && !window.confirm(text)) {
      e.preventDefault();
      return;
    }
    const click = this.#name("click");
    const bound = path.find((element) => element.hasAttribute(click));
    const link = path.find((element) => element instanceof HTMLAnchorElement);
    const patch = link?.hasAttribute(this.#name("patch")) ?? false;
    this.#hearSubmit((path as HTMLButtonElement[]).find(({ form }) => form)?.form);
    const pushClick = (): void => {
      if (bound && e.composedPath().includes(this.#element))
        this.#pushClick(bound, bound.getAttribute(click), e);
    };
    if (bound && link?.getAttribute("href") === "#") e.preventDefault();
    // A navigation leaves the view, so what the same click tells it has to be sent before.
    if (!patch) pushClick();
    if (link) this.#follow(e, link, patch);
    if (patch) pushClick();
  }

  /** A submit is not heard outside of a shadow root, but the click of its button is. */
  #hearSubmit(form: HTMLFormElement | null | undefined): void {
    if (!(form?.getRootNode() instanceof ShadowRoot)) return;
    form.addEventListener("submit", this.#handleSubmit, { signal: this.#aborter.signal });
  }

  #follow(e: MouseEvent, link: HTMLAnchorElement, patch: boolean): void {
    const { baseUrl } = this.#target;
    const to = link.getAttribute(this.#name(patch ? "patch" : "navigate"));
    if (to === null || !isPlainClick(e) || e.defaultPrevented || !this.#target.isOnline) return;
    if (link.hasAttribute("download") || !["", "_self"].includes(link.target)) return;
    const url = new URL(to || (link.getAttribute("href") ?? ""), baseUrl);
    if (url.origin !== new URL(baseUrl).origin) return;
    e.preventDefault();
    const kind = link.hasAttribute(this.#name("replace")) ? "replace" : "push";
    this.#target.visit(url.href, { kind, patch, link });
  }

  #pushClick(element: HTMLElement, text: string | null, e: Event): void {
    const { value, type, checked } = element as FormControl;
    const isUnchecked = (type === "checkbox" || type === "radio") && !checked;
    const hasValue = typeof value === "string" && !isUnchecked && (value || element.localName !== "button");
    const values = {
      ...this.#element.metadata?.[e.type]?.(e, element),
      ...(hasValue && { value }),
      ...this.#valuesOf(element),
    };
    this.#interop.perform(element, text ?? "", (event, options) =>
      this.#push("click", event, { ...values, ...options.value }, [element], options),
    );
  }

  #handleChange(e: Event): void {
    const [field] = this.#pathOf(e) as (FormControl & {
      form?: HTMLFormElement | null;
      validity?: ValidityState;
    })[];
    const form = field?.form;
    // What a number field cannot read is no value yet; reporting it would overwrite it.
    if (!field || !form || (field.type === "number" && field.validity?.badInput)) return;
    const change = this.#name("change");
    const bound = field.hasAttribute(change) ? field : form;
    const event = bound.getAttribute(change);
    if (event === null) return;
    markUsed([field]);
    const only = bound === field ? field : undefined;
    const serialize = (values?: object): string =>
      serializeForm(form, { target: field, only, values: { ...this.#valuesOf(bound), ...values } });
    const value = serialize();
    // Browsers end an edit that `input` has told already with `change`.
    const isRepeated =
      e.type === "change" && this.#lastInput?.target === field && this.#lastInput.value === value;
    this.#lastInput = { target: field, value };
    if (isRepeated) return;
    this.#interop.perform(bound, event, (event, options) =>
      this.#push("form", event, serialize(options.value), [...new Set([field, form])], options, "change"),
    );
  }

  readonly #handleSubmit = (e: SubmitEvent): void => {
    const [form] = this.#pathOf(e) as HTMLFormElement[];
    const event = form?.getAttribute(this.#name("submit"));
    if (!form || event === undefined) return;
    if (event === null) {
      if (!e.defaultPrevented && leavesPage(form, e.submitter)) this.#target.unload();
      return;
    }
    e.preventDefault();
    markUsed(form.elements);
    const { submitter } = e;
    const elements = [form, ...(submitter ? [submitter] : [])];
    this.#interop.perform(form, event, (event, options) => {
      const value = serializeForm(form, { submitter, values: { ...this.#valuesOf(form), ...options.value } });
      const pending = this.#push("form", event, value, elements, options, "submit");
      holdForm(form, this.#name("disable-with"), pending);
      return pending;
    });
  };

  #push(
    type: string,
    event: string,
    value: unknown,
    elements: readonly Element[],
    { loading = [] }: PushOptions,
    name = type,
  ): Promise<unknown> {
    const pending = this.#target.push(type, event, value);
    const unmark = markLoading([...elements, ...loading], `live-${name}-loading`);
    // A push that fails is dropped; the status of the session tells why.
    pending.then(unmark, unmark);
    return pending;
  }

  #valuesOf(element: Element): Record<string, string> {
    const prefix = this.#name("value-");
    const values: Record<string, string> = {};
    for (const { name, value } of element.attributes) {
      if (name.startsWith(prefix)) values[name.slice(prefix.length)] = value;
    }
    return values;
  }

  #name(binding: string): string {
    return this.#prefix + binding;
  }
}

const isPlainClick = (e: MouseEvent): boolean =>
  !(e.button || e.ctrlKey || e.metaKey || e.shiftKey || e.altKey);
