import { LiveErrorEvent } from "../events.js";

const firstRetryMs = 1000;
const maxRetryMs = 30_000;
const failuresBeforeReload = 3;

/** The element that needs a module. It dispatches an error if the module cannot be loaded. */
export interface LazyModuleHost extends EventTarget {
  /** Whether the module is still needed. */
  readonly isConnected?: boolean;
}

/**
 * A module that the page loads only when needed. If it cannot be loaded, the element that needs it dispatches
 * `live-error` with `LIVE_ERR_LAZY_MODULE` once, and the module is requested again until it arrives.
 *
 * @example
 * const page = new LazyModule(session, () => import("./page/main-page.js"), ({ MainPage }) => new MainPage(session));
 * void page.load();
 */
export class LazyModule<Module> {
  readonly #host: LazyModuleHost;
  readonly #importModule: () => Promise<Module>;
  readonly #use: (module: Module) => void;
  readonly #reload: (() => void) | undefined;
  #loading: Promise<void> | undefined;
  #failures = 0;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  /** The URL of a module that could not be loaded. */
  #url: string | undefined;

  /**
   * @param importModule calls `import()`
   * @param use called once, with the loaded module
   * @param reload called after repeated failures: a deployment may have renamed the file
   */
  constructor(
    host: LazyModuleHost,
    importModule: () => Promise<Module>,
    use: (module: Module) => void,
    reload?: () => void,
  ) {
    this.#host = host;
    this.#importModule = importModule;
    this.#use = use;
    this.#reload = reload;
  }

  /** Whether the last request failed and the module has not arrived since. */
  get isMissing(): boolean {
    return this.#failures > 0;
  }

  /** Requests the module. The promise resolves when the module has been used or the request has failed. */
  load(): Promise<void> {
    clearTimeout(this.#retryTimer);
    this.#loading ??= this.#import().then(
      (module) => {
        this.#failures = 0;
        this.#use(module);
      },
      (error: unknown) => this.#handleFailure(error),
    );
    return this.#loading;
  }

  #import(): Promise<Module> {
    if (!this.#url) return this.#importModule();
    // Firefox never requests a URL again that has failed once. The file is static, so any query is accepted.
    return import(/* @vite-ignore */ /* webpackIgnore: true */ `${this.#url}?retry=${Date.now()}`);
  }

  #handleFailure(error: unknown): void {
    this.#loading = undefined;
    this.#failures++;
    // Chromium and Firefox name the URL in the message; WebKit requests the same URL again.
    this.#url ??= /https?:\S+/.exec(String(error))?.[0];
    if (this.#failures === 1) {
      this.#host.dispatchEvent(
        new LiveErrorEvent("LIVE_ERR_LAZY_MODULE", "a module of the client could not be loaded"),
      );
    }
    if (this.#failures === failuresBeforeReload) this.#reload?.();
    const delayMs = Math.min(maxRetryMs, firstRetryMs * 2 ** (this.#failures - 1));
    this.#retryTimer = setTimeout(() => {
      if (this.#host.isConnected !== false) void this.load();
    }, delayMs);
  }
}
