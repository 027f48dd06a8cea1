import type { LiveHook, LiveHooks } from "./live-hook.js";

/** What hooks need of the live session. */
export interface HookHost {
  readonly element: HTMLElement & { readonly hooks?: LiveHooks | undefined };
  /** The attribute that names an element's hook. */
  readonly attribute: string;
  sendEvent(event: string, payload: object): Promise<unknown>;
  /** Sends an event to the views that elements stand in. */
  sendEventTo(target: string | Element, event: string, payload: object): Promise<unknown[]>;
  exec(element: HTMLElement, commands: string): void;
  fail(code: string, message: string): void;
}

type Callback = keyof LiveHook & string;

/** A hook at work. */
interface Mounted {
  readonly name: string;
  readonly instance: LiveHook;
  readonly handlers: Map<string, ((payload: unknown) => void)[]>;
}

/** The hooks of the elements of one live session. */
export class Hooks {
  readonly #host: HookHost;
  readonly #mounted = new Map<HTMLElement, Mounted>();
  readonly #unknown = new Set<string>();

  constructor(host: HookHost) {
    this.#host = host;
  }

  /** Sees which elements with hooks have come and gone, and tells those in which something was changed. */
  update(elements: readonly HTMLElement[], changed: readonly Node[] = []): void {
    const { attribute } = this.#host;
    for (const [element, { name }] of this.#mounted) {
      if (element.isConnected && element.getAttribute(attribute) === name) continue;
      this.#call(element, "destroyed");
      this.#mounted.delete(element);
    }
    for (const element of elements) {
      if (!this.#mounted.has(element)) this.#mount(element, element.getAttribute(attribute) ?? "");
      else if (changed.some((node) => element.contains(node))) this.#call(element, "updated");
    }
  }

  /** Calls a callback of every hook. */
  callAll(callback: Callback): void {
    for (const element of [...this.#mounted.keys()]) this.#call(element, callback);
  }

  /** Hands an event of the view to those who handle it. */
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
      // Before any are set they may still come.
      if (hooks && !this.#unknown.has(name)) {
        this.#unknown.add(name);
        this.#host.fail("LIVE_ERR_HOOK", `no hook is named "${name}"`);
      }
      return;
    }
    const handlers = new Map<string, ((payload: unknown) => void)[]>();
    const instance: LiveHook = Object.assign(Object.create(hook), {
      element,
      pushEvent: (event: string, payload = {}) => this.#host.sendEvent(event, payload),
      pushEventTo: (target: string | Element, event: string, payload = {}) =>
        this.#host.sendEventTo(target, event, payload),
      handleEvent: (event: string, handler: (payload: unknown) => void) =>
        handlers.set(event, [...(handlers.get(event) ?? []), handler]),
      exec: (commands: string) => this.#host.exec(element, commands),
    });
    this.#mounted.set(element, { name, instance, handlers });
    this.#call(element, "mounted");
  }

  #call(element: HTMLElement, callback: Callback): void {
    const instance = this.#mounted.get(element)?.instance as LiveHook & ThisType<unknown>;
    this.#guard(element, callback, () =>
      (instance[callback] as (() => unknown) | undefined)?.call(instance),
    );
  }

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
