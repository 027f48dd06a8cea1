import { LiveErrorEvent } from "../../events.js";
import type { PushOptions } from "../commands/commands.js";
import type { LiveHooks } from "../commands/live-hook.js";
import type { BindingPush } from "../commands/scripting.js";
import type { FormControl } from "../forms/form-control.js";
import type { PageLoading } from "../navigation/loading-events.js";
import type { VisitOptions } from "../navigation/navigation.js";
import { InputPart } from "./lazy-input.js";
import { InteropPart } from "./lazy-scripting.js";
import { markLoading } from "./loading-class.js";

/** Whom the bindings report to. */
export interface BindingTarget {
  /** Sends an event to the view; rejects when that fails. `settle` is called before the answer is shown. */
  push(type: string, event: string, value: unknown, settle?: () => void): Promise<unknown>;
  visit(to: string, options: VisitOptions): void;
  /** A form is being sent by a page load. */
  unload(): void;
  /** Whether links can be followed over the connection; if not, the browser follows them. */
  readonly isOnline: boolean;
  /** What the URLs of links are relative to. */
  readonly baseUrl: string;
  /** How many live navigations there have been: what one view was to be told is nothing for the next. */
  readonly navigations: number;
  readonly loading: Pick<PageLoading, "start">;
}

/** What an application adds to the payloads of events, by the type of the event (`click`). */
export type LiveMetadata = Readonly<
  Record<
    string,
    (event: Event, element: HTMLElement | SVGElement) => Readonly<Record<string, unknown>>
  >
>;

/** The element whose bindings these are. */
export interface BindingElement extends HTMLElement {
  /** What the names of the binding attributes begin with. */
  readonly bindingPrefix: string;
  readonly hooks?: LiveHooks | undefined;
  readonly metadata?: LiveMetadata | undefined;
  readonly status: string;
}

/** What an element has to tell. */
export interface Action {
  /** The type of the event on the wire. */
  readonly type: string;
  /** Names the loading class; the type if not given. */
  readonly name?: string;
  /** The payload; a function is asked when it is told, which may be later, and adds what the binding does. */
  readonly value: object | ((added?: object) => string);
  /** What is marked until the answer comes; the element if not given. */
  readonly marked?: readonly Element[];
  /** Called when it is told; what it returns, when the answer has come and is not shown yet, or never comes. */
  readonly begin?: () => () => void;
}

/** What the listeners of one live session have in common. */
export interface Binder {
  readonly element: BindingElement;
  /** The name of a binding's attribute. */
  name(binding: string): string;
  /**
   * The elements an event went through, from the innermost on, that are ours; `inside` of our element. Those of SVG
   * among them have all that is asked of an HTML element here.
   */
  pathOf(e: Event, inside?: boolean): HTMLElement[];
  /** Our elements that have a binding. */
  all(binding: string): HTMLElement[];
  /** The value of a control, and its `live-value-*`. */
  valueOf(element: HTMLElement): object;
  valuesOf(element: Element): Record<string, string>;
  /** Does what the element's binding says, now or later: `timed` by another element if given. */
  fire(element: HTMLElement, binding: string, e: Event, action: Action, timed?: Element): void;
  /** Tells of something that the page's author has to mend. */
  fail(code: string, message: string): void;
  /** Tells the view. */
  push(
    element: HTMLElement,
    event: string,
    action: Action,
    options?: PushOptions,
  ): Promise<unknown>;
}

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
  readonly input: InputPart;
  readonly interop: InteropPart;

  constructor(element: BindingElement, target: BindingTarget, isMain: boolean) {
    this.element = element;
    this.#target = target;
    this.interop = new InteropPart(this, target);
    const { signal } = this.#aborter;
    const area = isMain ? window : element;
    area.addEventListener("click", (e) => this.#handleClick(e as MouseEvent), { signal });
    this.input = new InputPart(this, target, area, signal);
  }

  close(): void {
    this.#aborter.abort();
    this.interop.close();
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
      const push: BindingPush = (event, options) =>
        element.isConnected && this.push(element, event, told, options);
      this.interop.perform(element, text, push);
    };
    if (timed.matches(`[${this.name("debounce")}],[${this.name("throttle")}]`))
      this.input.use((part) => part.delays.delay(timed, e, run));
    else run();
  }

  push(
    element: HTMLElement,
    event: string,
    { type, name = type, value, marked = [element], begin }: Action,
    { value: added, loading = [], views = [this.#target] }: PushOptions = {},
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
    const pending = Promise.all(views.map((view) => view.push(type, event, payload, settle)));
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
