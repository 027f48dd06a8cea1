import type { LiveServerEvent } from "../../events.js";
import type { Binder, BindingTarget, BoundEventSender, EventOptions } from "../bindings/binder.js";
import { LastingChanges, OptimisticChanges } from "./changes.js";
import { attributeOf, type Command, parseCommands } from "./command.js";
import { Hooks } from "./hooks.js";
import { delayRemoval } from "./removal.js";
import { type CommandEventSender, runCommands } from "./runner.js";
import { targetViews } from "./target-views.js";
import { toChanges } from "./to-change.js";

/** Sends the event of a command and settles with the answer. */
type AnsweredEventSender = (...args: Parameters<CommandEventSender>) => Promise<unknown>;

/**
 * Runs commands and hooks, and shows optimistic changes: every way to change the page apart from the server's renders. Loaded when a page needs it.
 */
export class Scripting {
  readonly #binder: Binder;
  readonly #view: BindingTarget;
  /** The prefix of the names of binding attributes. */
  readonly #prefix: string;
  readonly #hooks: Hooks;
  readonly #lasting = new LastingChanges();
  readonly #optimistic = new OptimisticChanges();
  readonly #observer: MutationObserver;
  readonly #aborter = new AbortController();
  /** The elements whose `live-mounted` has run. */
  readonly #mounted = new WeakSet<Element>();
  /** Whether the view has been shown. Before that, the page has the server's elements, but no view for their hooks. */
  #isShown: boolean;
  #isDown = false;
  /** The live navigations before the view whose `live-connected` have run; `undefined` while the view is not joined. */
  #connectedView: number | undefined;
  /** The number of live navigations whose view has been shown. */
  #navigations: number;

  /** @param early events that the view pushed while this module was loading */
  constructor(binder: Binder, view: BindingTarget, early: readonly LiveServerEvent[]) {
    this.#binder = binder;
    this.#view = view;
    this.#prefix = binder.name("");
    this.#navigations = view.navigations;
    const { element } = binder;
    this.#isShown = element.status === "connected";
    this.#hooks = this.#createHooks();
    this.#observer = new MutationObserver(() => this.update());
    this.#observer.observe(element, {
      subtree: true,
      childList: true,
      characterData: true,
      attributes: true,
      attributeOldValue: true,
    });
    const deliver = ({ target, name, payload }: LiveServerEvent): void => {
      if (target === element) this.#hooks.deliver(name, payload);
    };
    element.addEventListener("live-event", deliver, { signal: this.#aborter.signal });
    this.update();
    for (const event of early) deliver(event);
  }

  /**
   * Runs the binding of an element: its commands, or the event that it names. The element's optimistic changes are shown
   * until the answer comes.
   */
  perform(element: HTMLElement, text: string, sendBound: BoundEventSender): void {
    const declared = this.#binder.attribute(element, "optimistic");
    const parse = (): readonly Command[] =>
      text.startsWith("[") ? parseCommands(text) : [["push", { event: text }]];
    this.#run(element, parse, (source, event, options) => {
      const changes = declared === null ? [] : toChanges(parseCommands(declared), element);
      // The event is sent first, because its payload must not contain the changes.
      const sent =
        source === element ? sendBound(event, options) : this.#send(source, event, options);
      const answer = Promise.resolve(sent);
      const undo = this.#optimistic.make(changes);
      answer.then(undo, undo);
      return answer;
    });
  }

  /** Runs commands for an element. Returns how long they take, in milliseconds. */
  exec(element: HTMLElement, text: string): number {
    return this.#run(
      element,
      () => parseCommands(text),
      (...args) => this.#send(...args),
    );
  }

  /** Called before the page shows an update of the server. The returned function is called afterwards. */
  beforeShow(): () => void {
    this.update();
    this.#hooks.callAll("beforeUpdate");
    const resume = this.#optimistic.suspend();
    this.#observer.takeRecords();
    return () => {
      const records = this.#observer.takeRecords();
      this.#lasting.restore(records);
      this.#delayRemoval(records);
      resume();
      this.#observer.takeRecords();
      this.#isShown = true;
      this.update(records.map(({ target }) => target));
    };
  }

  /**
   * Finds elements that have been added or removed, calls the callbacks of their hooks and runs their `live-mounted`. Runs
   * `live-connected` and `live-disconnected` if the connection has changed.
   *
   * @param changed the nodes that the server has changed
   */
  update(changed?: readonly Node[]): void {
    if (!this.#isShown) return;
    const isDown = this.#binder.element.status !== "connected";
    if (isDown && !this.#isDown) this.#hooks.callAll("disconnected");
    this.#hooks.update(this.#find(`${this.#prefix}hook`), changed);
    if (!isDown && this.#isDown) this.#hooks.callAll("reconnected");
    this.#runMounted();
    this.#runConnected(isDown);
    this.#isDown = isDown;
  }

  close(): void {
    this.#observer.disconnect();
    this.#aborter.abort();
    this.#hooks.close();
  }

  #delayRemoval(records: readonly MutationRecord[]): void {
    const { navigations } = this.#view;
    const isNavigation = navigations !== this.#navigations;
    this.#navigations = navigations;
    delayRemoval(records, {
      prefix: this.#prefix,
      isNavigation,
      run: (element) => this.exec(element, attributeOf(element, `${this.#prefix}remove`) ?? "[]"),
    });
  }

  #createHooks(): Hooks {
    const binder = this.#binder;
    const view = this.#view;
    return new Hooks({
      element: binder.element,
      attribute: `${this.#prefix}hook`,
      sendEvent: (event, payload) => view.pushEvent("hook", event, payload),
      sendEventTo: async (target, event, payload) =>
        Promise.all(targetViews(target).map((each) => each.pushEvent("hook", event, payload))),
      exec: (target, commands) => this.exec(target, commands),
      fail: (code, message) => binder.fail(code, message),
    });
  }

  #runMounted(): void {
    const mounted = `${this.#prefix}mounted`;
    for (const element of this.#find(mounted)) {
      if (this.#mounted.has(element)) continue;
      this.#mounted.add(element);
      this.exec(element, attributeOf(element, mounted) ?? "[]");
    }
  }

  #runConnected(isDown: boolean): void {
    const connectedView = isDown ? undefined : this.#navigations;
    if (isDown === this.#isDown && connectedView === this.#connectedView) return;
    // The commands may change the page, so that this method is called again.
    this.#connectedView = connectedView;
    const binding = `${this.#prefix}${isDown ? "disconnected" : "connected"}`;
    for (const element of this.#find(binding)) {
      this.exec(element, element.getAttribute(binding) ?? "[]");
    }
  }

  /** Runs commands for an element. Returns how long they take, in milliseconds, and reports errors by `live-error`. */
  #run(
    element: HTMLElement,
    parse: () => readonly Command[],
    sendAnswered: AnsweredEventSender,
  ): number {
    const send: CommandEventSender = (source, event, options) => {
      const answer = sendAnswered(source, event, this.#withTarget(source, options));
      if (options.pageLoading) this.#showPageLoading(source, answer);
    };
    try {
      return runCommands({ lasting: this.#lasting, view: this.#view, send }, parse(), element);
    } catch (error) {
      this.#binder.fail("LIVE_ERR_COMMAND", (error as Error).message);
      return 0;
    }
  }

  /** Adds the views of an element's `live-target` to the options of its event, unless the command names others. */
  #withTarget(source: HTMLElement, options: EventOptions): EventOptions {
    const target = this.#binder.attribute(source, "target");
    if (options.views || target === null) return options;
    return { ...options, views: targetViews(target) };
  }

  #showPageLoading(source: HTMLElement, answer: Promise<unknown>): void {
    const { loading, baseUrl } = this.#view;
    const stop = loading.start("element", baseUrl, source);
    answer.then(stop, stop);
  }

  /** Sends the event of a command that does not belong to a binding, with the values of its element. */
  #send(source: HTMLElement, event: string, options: EventOptions): Promise<unknown> {
    const action = { type: "hook", value: this.#binder.valueOf(source) };
    return this.#binder.sendAction(source, event, action, options);
  }

  /** Finds the elements with an attribute, except those of nested live sessions. */
  #find(attribute: string): HTMLElement[] {
    const { element } = this.#binder;
    return Array.from(element.querySelectorAll<HTMLElement>(`[${attribute}]`)).filter(
      (each) =>
        sessionOf(Reflect.get(Node.prototype, "parentElement", each) as Element) === element,
    );
  }
}

/** Returns the live session of an element, even of a form with a field named `closest`. */
const sessionOf = (element: Element): Element | null =>
  Element.prototype.closest.call(element, "live-session");
