/** An element whose binding is waiting. */
interface Delayed {
  /** The binding that has yet to run: when a debounce ends, or when a throttled field loses the focus. */
  readonly run: (() => void) | undefined;
  /** The key that was pressed last. */
  readonly key: string | undefined;
  /** The running timer; `undefined` when it has ended, or when only losing the focus ends the delay. */
  readonly timer: ReturnType<typeof setTimeout> | undefined;
}

const defaultMs = 300;

/** The kind of the events by which a control reports that the user has changed it. */
const edit = "edit";

/** Delays the bindings of elements with `live-debounce` or `live-throttle`, with LiveView's rules. */
export class Delays {
  readonly #prefix: string;
  /** The waiting bindings of elements, by the kind of their event. A key must not replace the edit of a field. */
  readonly #delayed = new Map<Element, Map<string, Delayed>>();

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /**
   * Runs the binding of an element at once, later or not at all.
   *
   * - With `live-debounce`, `run` is called when no event has followed for the given time, or when the element loses
   *   the focus.
   * - With `live-throttle`, `run` is called at once; further events are dropped for the given time. A key is
   *   dropped only while it repeats. The last input that was dropped runs when the field loses the focus, unless
   *   another event of the field has run since.
   * - Losing the focus is never delayed.
   */
  delay(element: Element, e: Event, run: () => void): void {
    const debounce = Element.prototype.getAttribute.call(element, `${this.#prefix}debounce`);
    const throttle = Element.prototype.getAttribute.call(element, `${this.#prefix}throttle`);
    const isFocusLost = e.type === "focusout" || e.type === "blur";
    if (isFocusLost) run();
    else if (debounce !== null) this.#debounce(element, e, run, debounce);
    else if (throttle !== null) this.#throttle(element, e, run, throttle);
    else run();
  }

  /** Ends the delays of an element and runs its waiting bindings if the element is still in the page. */
  flush(element: Element): void {
    for (const kind of [...(this.#delayed.get(element)?.keys() ?? [])]) this.#run(element, kind);
  }

  /** Ends the delays of all edits and runs their bindings. */
  flushEdits(): void {
    for (const element of [...this.#delayed.keys()]) this.#run(element, edit);
  }

  /** Ends the delays of the edits of elements, without running their bindings. */
  dropEdits(elements: Iterable<Element>): void {
    for (const element of elements) this.#set(element, edit);
  }

  /** Ends all delays, without running the bindings. */
  drop(): void {
    for (const [element, kinds] of this.#delayed) {
      for (const kind of kinds.keys()) this.#set(element, kind);
    }
  }

  #run(element: Element, kind: string): void {
    const delayed = this.#delayed.get(element)?.get(kind);
    this.#set(element, kind);
    if (element.isConnected) delayed?.run?.();
  }

  /** Ends the delay of an element, and sets the next one. */
  #set(element: Element, kind: string, next?: Delayed): void {
    const kinds = this.#delayed.get(element) ?? new Map<string, Delayed>();
    const timer = kinds.get(kind)?.timer;
    if (timer !== next?.timer) clearTimeout(timer);
    kinds.delete(kind);
    if (next) kinds.set(kind, next);
    if (kinds.size > 0) this.#delayed.set(element, kinds);
    else this.#delayed.delete(element);
  }

  #debounce(element: Element, e: Event, run: () => void, wait: string): void {
    const kind = kindOf(e);
    const timer = startTimer(wait, () => this.#run(element, kind));
    this.#set(element, kind, { run, key: keyOf(e), timer });
  }

  #throttle(element: Element, e: Event, run: () => void, wait: string): void {
    const key = keyOf(e);
    const kind = kindOf(e);
    const before = this.#delayed.get(element)?.get(kind);
    const isThrottled = before?.timer && (e.type !== "keydown" || before.key === key);
    if (isThrottled) {
      if (e.type === "input") this.#set(element, kind, { ...before, run });
      return;
    }
    const timer = startTimer(wait, () => this.#endThrottle(element, kind));
    this.#set(element, kind, { run: undefined, key, timer });
    run();
  }

  #endThrottle(element: Element, kind: string): void {
    const run = this.#delayed.get(element)?.get(kind)?.run;
    // The dropped input still waits for the field to lose the focus.
    this.#set(element, kind, run && { run, key: undefined, timer: undefined });
  }
}

const keyOf = (e: Event): string | undefined => (e as KeyboardEvent).key;

const kindOf = ({ type }: Event): string =>
  ["input", "change", "compositionend"].includes(type) ? edit : type;

/** Starts the timer of an attribute, `300` or `blur`. With `blur` only losing the focus ends the delay. */
function startTimer(wait: string, end: () => void): Delayed["timer"] {
  if (wait === "blur") return undefined;
  return setTimeout(end, wait === "" ? defaultMs : Number.parseInt(wait, 10));
}
