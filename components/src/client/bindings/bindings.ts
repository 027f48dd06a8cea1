import { LiveErrorEvent } from "../../events.js";
import type { FormControl } from "../forms/form-control.js";
import type {
  Action,
  Binder,
  BindingElement,
  BindingTarget,
  BoundEventSender,
  EventOptions,
} from "./binder.js";
import { LazyInput } from "./lazy-input.js";
import { LazyScripting } from "./lazy-scripting.js";
import { markLoading } from "./loading-class.js";

/**
 * Listens for what happens below a `<live-session>`, shadow roots included, and acts on the elements that
 * are bound to it (`live-click`, `live-change`, `live-submit` …) and on live links.
 *
 * A binding belongs to the closest `<live-session>`. Links outside of any belong to the main one.
 */
export class Bindings implements Binder {
  readonly element: BindingElement;
  readonly #target: BindingTarget;
  readonly #aborter = new AbortController();
  readonly input: LazyInput;
  readonly scripting: LazyScripting;

  constructor(element: BindingElement, target: BindingTarget, isMain: boolean) {
    this.element = element;
    this.#target = target;
    this.scripting = new LazyScripting(this, target);
    const { signal } = this.#aborter;
    const area = isMain ? window : element;
    area.addEventListener("click", (e) => this.#handleClick(e as MouseEvent), { signal });
    this.input = new LazyInput(this, target, area, signal);
  }

  close(): void {
    this.#aborter.abort();
    this.scripting.close();
    this.input.part?.delays.drop();
  }

  pathOf(e: Event, inside = false): HTMLElement[] {
    const path = e.composedPath().filter((node) => node instanceof Element) as HTMLElement[];
    const owner = path.findIndex((element) => element.localName === "live-session");
    if (owner < 0) return inside ? [] : path;
    return path[owner] === this.element ? path.slice(0, owner) : [];
  }

  all(binding: string): HTMLElement[] {
    const bound = this.element.querySelectorAll<HTMLElement>(`[${this.name(binding)}]`);
    return [...bound].filter((each) => each.closest("live-session") === this.element);
  }

  valueOf(element: FormControl): object {
    const { value, type, checked } = element;
    const isUnchecked = (type === "checkbox" || type === "radio") && !checked;
    const hasValue =
      typeof value === "string" && !isUnchecked && (value || element.localName !== "button");
    return { ...(hasValue && { value }), ...this.valuesOf(element) };
  }

  valuesOf(element: Element): Record<string, string> {
    const prefix = this.name("value-");
    const values: Record<string, string> = {};
    for (const { name, value } of element.attributes) {
      if (name.startsWith(prefix)) values[name.slice(prefix.length)] = value;
    }
    return values;
  }

  fire(element: HTMLElement, binding: string, e: Event, action: Action, timed = element): void {
    const { navigations } = this.#target;
    const { type, value } = action;
    const added = typeof value === "object" && this.element.metadata?.[type]?.(e, element);
    const told = added ? { ...action, value: { ...added, ...value } } : action;
    const run = (): void => {
      // Read late: the binding may have changed by then, or be gone.
      const text = element.getAttribute(this.name(binding));
      if (text === null || this.#target.navigations !== navigations) return;
      // What is no longer in the page has nothing to tell.
      const send: BoundEventSender = (event, options) =>
        element.isConnected && this.sendAction(element, event, told, options);
      this.scripting.perform(element, text, send);
    };
    if (timed.matches(`[${this.name("debounce")}],[${this.name("throttle")}]`))
      this.input.use((part) => part.delays.delay(timed, e, run));
    else run();
  }

  sendAction(
    element: HTMLElement,
    event: string,
    { type, name = type, value, marked = [element], begin }: Action,
    { value: added, loading = [], views = [this.#target] }: EventOptions = {},
  ): Promise<unknown> {
    const payload = typeof value === "function" ? value(added) : { ...value, ...added };
    const ends = [
      markLoading([...marked, ...loading], `live-${name}-loading`),
      begin?.(),
      this.input.part?.disable(element),
    ];
    let waits = views.length;
    const settle = (): void => {
      waits--;
      if (waits === 0) for (const end of ends) end?.();
    };
    const pending = Promise.all(views.map((view) => view.pushEvent(type, event, payload, settle)));
    // A push that fails is dropped; the status of the session tells why.
    pending.catch(() => {});
    return pending;
  }

  fail(code: string, message: string): void {
    this.element.dispatchEvent(new LiveErrorEvent(code, message));
  }

  name(binding: string): string {
    return this.element.bindingPrefix + binding;
  }

  #handleClick(e: MouseEvent): void {
    const path = this.pathOf(e);
    const confirm = this.name("confirm");
    const text = path.find((element) => element.hasAttribute(confirm))?.getAttribute(confirm);
    if (text != null && !window.confirm(text)) {
      e.preventDefault();
      return;
    }
    const bound = path.find((element) => element.matches(`[${this.name("click")}]:not(:disabled)`));
    const link = path.find(({ localName }) => localName === "a");
    const patch = link?.hasAttribute(this.name("patch")) ?? false;
    this.input.hearSubmit((path as FormControl[]).find(({ form }) => form)?.form);
    const pushClick = (): void => {
      if (!bound || !e.composedPath().includes(this.element)) return;
      this.fire(bound, "click", e, { type: "click", value: this.valueOf(bound) });
    };
    if (bound && link?.getAttribute("href") === "#") e.preventDefault();
    // A navigation leaves the view, so what the same click tells it has to be sent before.
    if (!patch) pushClick();
    if (link) this.#follow(e, link, patch);
    if (patch) pushClick();
  }

  #follow(e: MouseEvent, link: HTMLElement, patch: boolean): void {
    const { baseUrl } = this.#target;
    const to = link.getAttribute(this.name(patch ? "patch" : "navigate"));
    if (to === null || !isPlainClick(e) || e.defaultPrevented || !this.#target.isOnline) return;
    if (link.hasAttribute("download") || !["", "_self", null].includes(link.getAttribute("target")))
      return;
    const url = new URL(to || (link.getAttribute("href") ?? ""), baseUrl);
    if (url.origin !== new URL(baseUrl).origin) return;
    e.preventDefault();
    const kind = link.hasAttribute(this.name("replace")) ? "replace" : "push";
    this.#target.visit(url.href, { kind, patch, link });
  }
}

const isPlainClick = (e: MouseEvent): boolean =>
  !(e.button || e.ctrlKey || e.metaKey || e.shiftKey || e.altKey);
