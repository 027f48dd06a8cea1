import type { LiveServerEvent } from "../../events.js";
import type {
  Binder,
  BindingTarget,
  BoundEventSender,
  EventOptions,
  EventTargetView,
} from "../bindings/binder.js";
import { LastingChanges, OptimisticChanges } from "./changes.js";
import { type Command, parseCommands, runCommands, toChanges, viewsOf } from "./commands.js";
import { Hooks } from "./hooks.js";
import { delayRemoval } from "./removal.js";

/**
 * The part of the client for pages where scripts and the server's commands change what the server renders:
 * commands, optimistic changes, hooks, and elements that come and go with commands.
 */
export class Scripting {
  readonly #binder: Binder;
  readonly #view: BindingTarget;
  /** What the names of the binding attributes begin with. */
  readonly #prefix: string;
  readonly #hooks: Hooks;
  readonly #lasting = new LastingChanges();
  readonly #optimistic = new OptimisticChanges();
  readonly #observer: MutationObserver;
  readonly #aborter = new AbortController();
  readonly #seen = new WeakSet<Element>();
  /** Whether the view has been shown: what the page had before is not yet the view's. */
  #isShown: boolean;
  #isDown = false;

  /** @param early events of the view that came while the part was loading */
  constructor(binder: Binder, view: BindingTarget, early: readonly LiveServerEvent[]) {
    this.#binder = binder;
    this.#view = view;
    const prefix = binder.name("");
    this.#prefix = prefix;
    const { element } = binder;
    this.#isShown = element.status === "connected";
    this.#hooks = new Hooks({
      element,
      attribute: `${prefix}hook`,
      sendEvent: (event, payload) => view.pushEvent("hook", event, payload),
      sendEventTo: async (target, event, payload) =>
        Promise.all(viewsAt(target).map((each) => each.pushEvent("hook", event, payload))),
      exec: (target, commands) => this.exec(target, commands),
      fail: (code, message) => binder.fail(code, message),
    });
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
   * Runs what is bound to an element: commands, or the plain name of an event to push; and, until the answer, what
   * is declared as optimistic.
   */
  perform(element: HTMLElement, text: string, sendBound: BoundEventSender): void {
    const declared = element.getAttribute(`${this.#prefix}optimistic`);
    const commands = (): readonly Command[] =>
      text.startsWith("[") ? parseCommands(text) : [["push", { event: text }]];
    this.#run(element, commands, (source, event, options) => {
      const changes = declared === null ? [] : toChanges(parseCommands(declared), element);
      // The event's own values are read before anything changes.
      const pushed =
        source === element ? sendBound(event, options) : this.#send(source, event, options);
      const pending = Promise.resolve(pushed);
      const takeBack = this.#optimistic.make(changes);
      pending.then(takeBack, takeBack);
      return pending;
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

  /** To be called before the page shows what the server sent; what it returns, afterwards. */
  beforeShow(): () => void {
    this.update();
    this.#hooks.callAll("beforeUpdate");
    const resume = this.#optimistic.suspend();
    this.#observer.takeRecords();
    return () => {
      const records = this.#observer.takeRecords();
      this.#lasting.restore(records);
      const leave = `${this.#prefix}remove`;
      delayRemoval(records, leave, (element) =>
        this.exec(element, element.getAttribute(leave) ?? "[]"),
      );
      resume();
      this.#observer.takeRecords();
      this.#isShown = true;
      this.update(records.map(({ target }) => target));
    };
  }

  /** Sees what has come and gone, by whomever. */
  update(changed?: readonly Node[]): void {
    const { element } = this.#binder;
    const prefix = this.#prefix;
    if (!this.#isShown) return;
    const isDown = element.status !== "connected";
    if (isDown && !this.#isDown) this.#hooks.callAll("disconnected");
    this.#hooks.update(this.#find(`${prefix}hook`), changed);
    if (!isDown && this.#isDown) this.#hooks.callAll("reconnected");
    this.#isDown = isDown;
    const mounted = `${prefix}mounted`;
    for (const each of this.#find(mounted)) {
      if (this.#seen.has(each)) continue;
      this.#seen.add(each);
      this.exec(each, each.getAttribute(mounted) ?? "[]");
    }
  }

  close(): void {
    this.#observer.disconnect();
    this.#aborter.abort();
    this.#hooks.close();
  }

  /** Runs commands, whose events go to the view, or to those that a `live-target` beside them finds. */
  #run(
    element: HTMLElement,
    commands: () => readonly Command[],
    send: (source: HTMLElement, event: string, options: EventOptions) => Promise<unknown>,
  ): number {
    const { loading, baseUrl } = this.#view;
    let ms = 0;
    this.#guard(() => {
      const host = { lasting: this.#lasting, view: this.#view };
      ms = runCommands(host, commands(), element, (source, event, options) => {
        const target = source.getAttribute(`${this.#prefix}target`);
        const views = options.views ?? (target === null ? undefined : viewsAt(target));
        const pending = send(source, event, views ? { ...options, views } : options);
        if (!options.pageLoading) return;
        const stop = loading.start("element", baseUrl, source);
        pending.then(stop, stop);
      });
    });
    return ms;
  }

  /** Pushes an event of commands that are bound to nothing, with the values of their element. */
  #send(source: HTMLElement, event: string, options: EventOptions): Promise<unknown> {
    const binder = this.#binder;
    return binder.sendAction(
      source,
      event,
      { type: "hook", value: binder.valueOf(source) },
      options,
    );
  }

  /** The elements with an attribute, but those of a live session within. */
  #find(attribute: string): HTMLElement[] {
    const { element } = this.#binder;
    return Array.from(element.querySelectorAll<HTMLElement>(`[${attribute}]`)).filter(
      (each) => each.parentElement?.closest(element.localName) === element,
    );
  }

  #guard(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.#binder.fail("LIVE_ERR_COMMAND", (error as Error).message);
    }
  }
}

const viewsAt = (target: string | Element): readonly EventTargetView[] =>
  viewsOf(typeof target === "string" ? document.querySelectorAll(target) : [target]);
