interface Delayed {
  /** What is still to be done: of a throttled field what it was refused to tell, when it is left. */
  readonly run: (() => void) | undefined;
  readonly key: string | undefined;
  /** Runs while the element has to wait. */
  readonly timer: ReturnType<typeof setTimeout> | undefined;
}

const defaultMs = "300";

/** Puts off what elements with `live-debounce` or `live-throttle` tell, as LiveView does. */
export class Delays {
  readonly #prefix: string;
  readonly #delayed = new Map<Element, Delayed>();

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /**
   * Runs something that an element has to tell: at once, when nothing new has come for as long as its
   * `live-debounce` says or when it loses the focus, or not at all if its `live-throttle` says so. Losing
   * the focus is never delayed, and a throttled key only while it repeats. What is typed while a field is
   * throttled is told, if nothing has told it by then, when the field loses the focus.
   */
  delay(element: Element, e: Event, run: () => void): void {
    const debounce = element.getAttribute(`${this.#prefix}debounce`);
    const wait = debounce ?? element.getAttribute(`${this.#prefix}throttle`);
    if (wait === null || e.type === "focusout" || e.type === "blur") {
      run();
      return;
    }
    const { key } = e as KeyboardEvent;
    const before = this.#delayed.get(element);
    if (debounce === null && before?.timer && (e.type !== "keydown" || before.key === key)) {
      if (e.type === "input") this.#delayed.set(element, { ...before, run });
      return;
    }
    clearTimeout(before?.timer);
    const end = (): void => (debounce === null ? this.#reopen(element) : this.flush(element));
    const timer =
      wait === "blur" ? undefined : setTimeout(end, Number.parseInt(wait || defaultMs, 10));
    this.#delayed.set(element, { run: debounce === null ? undefined : run, key, timer });
    if (debounce === null) run();
  }

  /** Ends the delay of an element: what it has to tell is told, if it is still in the page. */
  flush(element: Element): void {
    const delayed = this.#delayed.get(element);
    this.drop([element]);
    if (element.isConnected) delayed?.run?.();
  }

  /** Lets a throttled element tell what comes next. */
  #reopen(element: Element): void {
    const run = this.#delayed.get(element)?.run;
    if (run) this.#delayed.set(element, { run, key: undefined, timer: undefined });
    else this.#delayed.delete(element);
  }

  /** Ends the delays of elements, or of all; nothing is told. */
  drop(elements: Iterable<Element> = this.#delayed.keys()): void {
    for (const element of elements) {
      clearTimeout(this.#delayed.get(element)?.timer);
      this.#delayed.delete(element);
    }
  }
}
