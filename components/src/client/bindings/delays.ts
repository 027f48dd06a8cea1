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

/** Delays the bindings of elements with `live-debounce` or `live-throttle`, with LiveView's rules. */
export class Delays {
  readonly #prefix: string;
  readonly #delayed = new Map<Element, Delayed>();

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
    const debounce = element.getAttribute(`${this.#prefix}debounce`);
    const throttle = element.getAttribute(`${this.#prefix}throttle`);
    const isFocusLost = e.type === "focusout" || e.type === "blur";
    if (isFocusLost) run();
    else if (debounce !== null) this.#debounce(element, e, run, debounce);
    else if (throttle !== null) this.#throttle(element, e, run, throttle);
    else run();
  }

  /** Ends the delay of an element and runs its binding, if one is waiting and the element is still in the page. */
  flush(element: Element): void {
    const delayed = this.#delayed.get(element);
    this.drop([element]);
    if (element.isConnected) delayed?.run?.();
  }

  /** Ends the delays of elements, by default of all, without running their bindings. */
  drop(elements: Iterable<Element> = this.#delayed.keys()): void {
    for (const element of elements) {
      clearTimeout(this.#delayed.get(element)?.timer);
      this.#delayed.delete(element);
    }
  }

  #debounce(element: Element, e: Event, run: () => void, wait: string): void {
    clearTimeout(this.#delayed.get(element)?.timer);
    const timer = startTimer(wait, () => this.flush(element));
    this.#delayed.set(element, { run, key: keyOf(e), timer });
  }

  #throttle(element: Element, e: Event, run: () => void, wait: string): void {
    const key = keyOf(e);
    const before = this.#delayed.get(element);
    const isThrottled = before?.timer && (e.type !== "keydown" || before.key === key);
    if (isThrottled) {
      if (e.type === "input") this.#delayed.set(element, { ...before, run });
      return;
    }
    clearTimeout(before?.timer);
    const timer = startTimer(wait, () => this.#endThrottle(element));
    this.#delayed.set(element, { run: undefined, key, timer });
    run();
  }

  #endThrottle(element: Element): void {
    const run = this.#delayed.get(element)?.run;
    // The dropped input still waits for the field to lose the focus.
    if (run) this.#delayed.set(element, { run, key: undefined, timer: undefined });
    else this.#delayed.delete(element);
  }
}

const keyOf = (e: Event): string | undefined => (e as KeyboardEvent).key;

/** Starts the timer of an attribute, `300` or `blur`. With `blur` only losing the focus ends the delay. */
function startTimer(wait: string, end: () => void): Delayed["timer"] {
  if (wait === "blur") return undefined;
  return setTimeout(end, wait === "" ? defaultMs : Number.parseInt(wait, 10));
}
