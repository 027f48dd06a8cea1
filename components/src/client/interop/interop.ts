import type { LiveServerEvent } from "../../events.js";
import type { BindingTarget } from "../bindings.js";
import type { LiveHooks } from "../hook.js";
import { LastingChanges, OptimisticChanges } from "./change.js";
import {
  type Command,
  type Push,
  parseCommands,
  runCommands,
  type TargetView,
  toChanges,
  viewsOf,
} from "./commands.js";
import { Hooks } from "./hooks.js";
import { keepLeaving } from "./leaving.js";

/** What the part needs of the client. */
export interface InteropHost {
  readonly element: HTMLElement & { readonly hooks?: LiveHooks | undefined; readonly status: string };
  /** What the names of the binding attributes begin with. */
  readonly prefix: string;
  readonly view: Pick<BindingTarget, "push" | "visit" | "loading" | "baseUrl">;
  fail(code: string, message: string): void;
}

/** Sends the event of a binding; `undefined` for what is not answered. */
export type BindingPush = (...args: Parameters<Push>) => Promise<unknown>;

/**
 * The part of the client for pages where scripts and the server's commands change what the server renders:
 * commands, optimistic changes, hooks, and elements that come and go with commands.
 */
export class Interop {
  readonly #host: InteropHost;
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
  constructor(host: InteropHost, early: readonly LiveServerEvent[]) {
    this.#host = host;
    const { element, prefix } = host;
    this.#isShown = element.status === "connected";
    this.#hooks = new Hooks({
      element,
      attribute: `${prefix}hook`,
      push: (event, payload) => host.view.push("hook", event, payload),
      pushTo: async (target, event, payload) => this.#pushTo(viewsAt(target), event, payload),
      exec: (target, commands) => this.exec(target, commands),
      fail: host.fail,
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
  perform(element: HTMLElement, text: string, push: BindingPush): void {
    this.#guard(() => {
      const declared = element.getAttribute(`${this.#host.prefix}optimistic`);
      const commands: readonly Command[] = text.startsWith("[")
        ? parseCommands(text)
        : [["push", { event: text }]];
      const target = element.getAttribute(`${this.#host.prefix}target`);
      runCommands(this.#commandHost, commands, element, (event, options) => {
        const changes = declared === null ? [] : toChanges(parseCommands(declared), element);
        // The event's own values are read before anything changes.
        const views = options.views ?? (target === null ? undefined : viewsAt(target));
        const pending = push(event, views ? { ...options, views } : options);
        const takeBack = this.#optimistic.make(changes);
        const { loading, baseUrl } = this.#host.view;
        if (options.pageLoading) loading.start("element", baseUrl);
        const end = (): void => {
          takeBack();
          if (options.pageLoading) loading.stop("element");
        };
        pending.then(end, end);
      });
    });
  }

  /** Runs commands for an element. Returns how long they take, in milliseconds. */
  exec(element: HTMLElement, text: string): number {
    let ms = 0;
    this.#guard(() => {
      ms = runCommands(this.#commandHost, parseCommands(text), element, (event, { value = {}, views }) => {
        this.#pushTo(views, event, value).catch(() => {});
      });
    });
    return ms;
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
      const leave = `${this.#host.prefix}remove`;
      keepLeaving(records, leave, (element) => this.exec(element, element.getAttribute(leave) ?? "[]"));
      resume();
      this.#observer.takeRecords();
      this.#isShown = true;
      this.update(records.map(({ target }) => target));
    };
  }

  /** Sees what has come and gone, by whomever. */
  update(changed?: readonly Node[]): void {
    const { element, prefix } = this.#host;
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

  /** Pushes an event to views; gives their replies. */
  #pushTo(
    views: readonly TargetView[] = [this.#host.view],
    event: string,
    payload: object,
  ): Promise<unknown[]> {
    return Promise.all(views.map((view) => view.push("hook", event, payload)));
  }

  get #commandHost() {
    return { lasting: this.#lasting, view: this.#host.view };
  }

  /** The elements with an attribute, but those of a live session within. */
  #find(attribute: string): HTMLElement[] {
    const { element } = this.#host;
    return Array.from(element.querySelectorAll<HTMLElement>(`[${attribute}]`)).filter(
      (each) => each.parentElement?.closest(element.localName) === element,
    );
  }

  #guard(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.#host.fail("LIVE_ERR_COMMAND", (error as Error).message);
    }
  }
}

const viewsAt = (target: string | Element): readonly TargetView[] =>
  viewsOf(typeof target === "string" ? document.querySelectorAll(target) : [target]);
