/** The traces that an app has left in its process, apart from its modules. */
export interface LeftByApp {
  /** Whether the app has defined custom elements. Their classes cannot be replaced. */
  readonly hasElements: boolean;
  /** Removes listeners of the process, environment variables and intervals that the app has added. */
  remove(): void;
}

/** Notes the state of the process before an app starts. */
export function watchApp(): LeftByApp {
  const listeners = new Map(process.eventNames().map((name) => [name, listenersOf(name)]));
  const environment = { ...process.env };
  const elements = watchElements();
  const clearIntervals = watchIntervals();
  return {
    get hasElements() {
      return elements.areDefined;
    },
    remove() {
      for (const name of process.eventNames()) {
        const kept = listeners.get(name);
        for (const listener of listenersOf(name))
          if (!kept?.includes(listener)) process.off(name, listener);
      }
      for (const name of Object.keys(process.env)) delete process.env[name];
      Object.assign(process.env, environment);
      elements.release();
      clearIntervals();
    },
  };
}

type Listener = (...args: unknown[]) => void;

function listenersOf(name: string | symbol): Listener[] {
  return process.rawListeners(name as "exit") as Listener[];
}

/** The registry that Lit defines on the server, as far as this module needs it. */
interface Elements {
  define(...args: unknown[]): void;
}

function watchElements(): { readonly areDefined: boolean; release(): void } {
  const { customElements } = globalThis as { customElements?: Elements };
  const define = customElements?.define;
  const watched = {
    areDefined: false,
    release() {
      if (customElements && define) customElements.define = define;
    },
  };
  if (!customElements || !define) return watched;
  customElements.define = (...args) => {
    watched.areDefined = true;
    define.apply(customElements, args);
  };
  return watched;
}

/** Returns a function that ends the intervals that have been started since. Those that are unreferenced would go on. */
function watchIntervals(): () => void {
  const { setInterval } = globalThis;
  const started = new Set<WeakRef<NodeJS.Timeout>>();
  globalThis.setInterval = ((...args: Parameters<typeof setInterval>) => {
    const interval = setInterval(...args);
    started.add(new WeakRef(interval));
    return interval;
  }) as typeof setInterval;
  return () => {
    globalThis.setInterval = setInterval;
    for (const interval of started) clearInterval(interval.deref());
  };
}
