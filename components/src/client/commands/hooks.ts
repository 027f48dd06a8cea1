import { attributeOf } from "./command.js";
import type { LiveHook, LiveHooks } from "./live-hook.js";

/** The members of a live session that hooks need. */
export interface HookHost {
  readonly element: HTMLElement & { readonly hooks?: LiveHooks | undefined };
  /** The name of `live-hook`. */
  readonly attribute: string;
  sendEvent(event: string, payload: object): Promise<unknown>;
  /** Sends an event to the views that contain the given elements. */
  sendEventTo(target: string | Element, event: string, payload: object): Promise<unknown[]>;
  exec(element: HTMLElement, commands: string): void;
  fail(code: string, message: string): void;
}

type Callback = keyof LiveHook & string;

type Handler = (payload: unknown) => void;

/** The hook of an element. */
interface Mounted {
  readonly name: string;
  readonly instance: LiveHook;
  readonly handlers: Map<string, Handler[]>;
}

/** The hooks of the elements of one live session. */
export class Hooks {
  readonly #host: HookHost;
  readonly #mounted = new Map<HTMLElement, Mounted>();
  /** The names of missing hooks that have been reported. */
  readonly #reported = new Set<string>();

  constructor(host: HookHost) {
    this.#host = host;
  }

  /**
   * Calls `mounted`, `updated` and `destroyed` of elements that have been added, changed or removed.
   *
   * @param elements all elements in the page that have a hook
   * @param changed the nodes that the server has changed
   */
  update(elements: readonly HTMLElement[], changed: readonly Node[] = []): void {
    const { attribute } = this.#host;
    for (const [element, { name }] of this.#mounted) {
      if (element.isConnected && attributeOf(element, attribute) === name) continue;
      this.#call(element, "destroyed");
      this.#mounted.delete(element);
    }
    for (const element of elements) {
      if (!this.#mounted.has(element)) this.#mount(element, attributeOf(element, attribute) ?? "");
      else if (changed.some((node) => Node.prototype.contains.call(element, node)))
        this.#call(element, "updated");
    }
  }

  /** Calls a callback of every hook. */
  callAll(callback: Callback): void {
    for (const element of [...this.#mounted.keys()]) this.#call(element, callback);
  }

  /** Calls the handlers of an event that the view has pushed. */
  deliver(name: string, payload: unknown): void {
    for (const [element, { handlers }] of [...this.#mounted]) {
      for (const handler of handlers.get(name) ?? [])
        this.#guard(element, name, () => handler(payload));
    }
  }

  close(): void {
    this.callAll("destroyed");
    this.#mounted.clear();
  }

  #mount(element: HTMLElement, name: string): void {
    const { hooks } = this.#host.element;
    const hook = hooks && Object.hasOwn(hooks, name) ? hooks[name] : undefined;
    if (!hook) {
      // The application may set its hooks later.
      if (hooks) this.#reportMissing(name);
      return;
    }
    const handlers = new Map<string, Handler[]>();
    // The server names the component around the element, which receives its events.
    const owner = attributeOf(element, this.#host.attribute.replace(/hook$/, "component")) ?? "";
    const instance: LiveHook = Object.assign(Object.create(hook), {
      element,
      pushEvent: (event: string, payload = {}) => this.#host.sendEvent(owner + event, payload),
      pushEventTo: (target: string | Element, event: string, payload = {}) =>
        this.#host.sendEventTo(target, event, payload),
      handleEvent: (event: string, handler: Handler) => {
        handlers.set(event, [...(handlers.get(event) ?? []), handler]);
        return () => {
          const others = handlers.get(event)?.filter((each) => each !== handler) ?? [];
          handlers.set(event, others);
        };
      },
      exec: (commands: string) => this.#host.exec(element, commands),
    });
    this.#mounted.set(element, { name, instance, handlers });
    this.#call(element, "mounted");
  }

  #reportMissing(name: string): void {
    if (this.#reported.has(name)) return;
    this.#reported.add(name);
    this.#host.fail("LIVE_ERR_HOOK", `the hook "${name}" is not defined`);
  }

  #call(element: HTMLElement, callback: Callback): void {
    const instance = this.#mounted.get(element)?.instance as LiveHook & ThisType<unknown>;
    this.#guard(element, callback, () =>
      (instance[callback] as (() => unknown) | undefined)?.call(instance),
    );
  }

  /** Runs a callback or a handler and reports its errors. */
  #guard(element: HTMLElement, callback: string, run: () => unknown): void {
    const name = this.#mounted.get(element)?.name;
    const fail = (error: unknown): void =>
      this.#host.fail(
        "LIVE_ERR_HOOK",
        `the hook "${name}" threw in ${callback}: ${(error as Error)?.message}`,
      );
    try {
      const result = run();
      if (result instanceof Promise) result.catch(fail);
    } catch (error) {
      fail(error);
    }
  }
}
