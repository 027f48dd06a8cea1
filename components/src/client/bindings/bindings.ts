import { LiveErrorEvent } from "../../events.js";
import type { FormControl } from "../forms/form-control.js";
import { membersOf } from "../forms/form-members.js";
import { isSamePage } from "../navigation/load-page.js";
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
import { opensHere } from "./opens-here.js";

/**
 * Listens for events below a `<live-session>`, shadow roots included, and handles live links and elements with
 * bindings (`live-click`, `live-change`, `live-submit` …).
 *
 * A binding belongs to the closest `<live-session>`. A link outside of all live sessions belongs to the main one.
 */
export class Bindings implements Binder {
  readonly element: BindingElement;
  readonly input: LazyInput;
  readonly scripting: LazyScripting;
  readonly #target: BindingTarget;
  readonly #aborter = new AbortController();
  /** Repeats the clicks that were dropped since the last answer. */
  #dropped: (() => void)[] = [];

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
    this.input.loaded?.delays.drop();
  }

  name(binding: string): string {
    return this.element.bindingPrefix + binding;
  }

  attribute(element: Element, binding: string): string | null {
    return membersOf(element).getAttribute(this.name(binding));
  }

  has(element: Element, ...bindings: readonly string[]): boolean {
    return bindings.some((binding) => this.attribute(element, binding) !== null);
  }

  pathOf(e: Event, inside = false): HTMLElement[] {
    const path = e.composedPath().filter((node) => node instanceof Element) as HTMLElement[];
    const owner = path.findIndex((element) => element.localName === "live-session");
    if (owner === -1) return inside ? [] : path;
    return path[owner] === this.element ? path.slice(0, owner) : [];
  }

  all(binding: string): HTMLElement[] {
    const bound = this.element.querySelectorAll<HTMLElement>(`[${this.name(binding)}]`);
    return [...bound].filter((each) => membersOf(each).closest("live-session") === this.element);
  }

  valueOf(element: FormControl): object {
    const { value, type, checked } = element;
    const isUnchecked = (type === "checkbox" || type === "radio") && !checked;
    const isPlainButton = element.localName === "button" && !value;
    const hasValue = typeof value === "string" && !isUnchecked && !isPlainButton;
    return { ...(hasValue && { value }), ...this.valuesOf(element) };
  }

  valuesOf(element: Element): Record<string, string> {
    const prefix = this.name("value-");
    const values: Record<string, string> = {};
    for (const { name, value } of membersOf(element).attributes) {
      if (name.startsWith(prefix)) values[name.slice(prefix.length)] = value;
    }
    return values;
  }

  fire(element: HTMLElement, binding: string, e: Event, action: Action, timed = element): void {
    const { navigations } = this.#target;
    // Metadata describes the DOM event, so it is read now even if the live event is sent later.
    const complete = this.#withMetadata(element, e, action);
    const run = (): void => {
      // After a delay the attribute may have changed or be gone, and another view may be shown.
      const text = this.attribute(element, binding);
      if (text === null || this.#target.navigations !== navigations) return;
      const send: BoundEventSender = (event, options) =>
        element.isConnected && this.sendAction(element, event, complete, options);
      this.scripting.perform(element, text, send);
    };
    const isDelayed = this.has(timed, "debounce", "throttle");
    if (isDelayed) this.input.use((input) => input.delays.delay(timed, e, run), run);
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
      this.input.loaded?.disable(element),
    ];
    let unsettled = views.length;
    let hasAnswers = true;
    const settle = (isAnswered: boolean): void => {
      unsettled--;
      this.#dropped = [];
      hasAnswers &&= isAnswered;
      if (type !== "form") this.input.loaded?.expectAnswer();
      if (unsettled === 0) for (const end of ends) end?.(hasAnswers);
    };
    const replies = Promise.all(views.map((view) => view.pushEvent(type, event, payload, settle)));
    // Not every caller waits for the replies. The status of the session reports the failure.
    replies.catch(() => {});
    return replies;
  }

  /** Called when the connection is lost: the user did not click twice, but tried again because there was no answer. */
  repeatDropped(): void {
    for (const repeat of this.#dropped.splice(0)) repeat();
  }

  fail(code: string, message: string): void {
    this.element.dispatchEvent(new LiveErrorEvent(code, message));
  }

  #withMetadata(element: HTMLElement, e: Event, action: Action): Action {
    const { type, value } = action;
    if (typeof value === "function") return action;
    const metadata = this.element.metadata?.[type]?.(e, element);
    return { ...action, value: { ...metadata, ...value } };
  }

  #handleClick(e: MouseEvent): void {
    const path = this.pathOf(e);
    const selector = `[${this.name("click")}]:not(:disabled)`;
    const found = path.find((element) => membersOf(element).matches(selector));
    const link = path.find(({ localName }) => localName === "a");
    const asking = path.find((element) => this.has(element, "confirm"));
    const click = found && this.#takeClick(found, e, !asking);
    if (found && !click && !link) return;
    if (asking && !window.confirm(this.attribute(asking, "confirm") ?? "")) {
      e.preventDefault();
      return;
    }
    const isPatch = !!link && this.has(link, "patch");
    this.input.listenForSubmit((path as FormControl[]).find(({ form }) => form)?.form);
    if (found && link?.getAttribute("href") === "#") e.preventDefault();
    // A live navigation leaves the view, so the event of the same click must be sent first.
    if (!isPatch) click?.();
    if (link) this.#follow(e, link, isPatch);
    if (isPatch) click?.();
  }

  /** Returns a function that sends the event of a click, unless the click is dropped. */
  #takeClick(bound: HTMLElement, e: MouseEvent, isRepeatable: boolean): (() => void) | undefined {
    // The main session listens on the window. Outside of its element it handles links only.
    if (!e.composedPath().includes(this.element)) return undefined;
    const action = { type: "click", value: this.valueOf(bound) };
    const click = (): void => this.fire(bound, "click", e, action);
    if (!this.#isWaiting(bound, e)) return click;
    if (isRepeatable && e.detail < 2) this.#dropped.push(click);
    return undefined;
  }

  /**
   * Whether a click on an element is dropped, because an earlier event of the element is not answered. The page shows the
   * result of some clicks at once, so the next one is a new decision. While the connection is lost, a click that is not part of
   * a double click is one too.
   */
  #isWaiting(element: HTMLElement, { detail }: MouseEvent): boolean {
    if (detail < 2 && this.element.status === "disconnected") return false;
    const repeatable = `[${this.name("every-click")}],[${this.name("optimistic")}]`;
    return membersOf(element).matches(
      `.live-click-loading:not(${repeatable},[type=checkbox],[type=radio])`,
    );
  }

  #follow(e: MouseEvent, link: HTMLElement, patch: boolean): void {
    const { baseUrl, isOnline } = this.#target;
    const to = this.attribute(link, patch ? "patch" : "navigate");
    if (!isPlainClick(e) || e.defaultPrevented || link.hasAttribute("download")) return;
    // The user edits the text of a link in a `contenteditable`.
    if (!opensHere(link.getAttribute("target")) || link.isContentEditable) return;
    const isLive = to !== null && isOnline;
    const url = isLive ? new URL(to || (link.getAttribute("href") ?? ""), baseUrl) : undefined;
    if (url?.origin !== new URL(baseUrl).origin) {
      if (leavesPage(link)) this.#target.unload();
      return;
    }
    e.preventDefault();
    const kind = this.has(link, "replace") ? "replace" : "push";
    this.#target.visit(url.href, { kind, patch, link });
  }
}

const isPlainClick = (e: MouseEvent): boolean =>
  !e.button && !e.ctrlKey && !e.metaKey && !e.shiftKey && !e.altKey;

/** Whether a link goes to another page: not to another application, as `mailto:` does, nor within the page. */
function leavesPage(link: HTMLElement): boolean {
  const { href, protocol } = link as HTMLAnchorElement;
  return /^http/.test(protocol) && !(href.includes("#") && isSamePage(href, location.href));
}
