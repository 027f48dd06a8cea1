import path from "node:path";
import { AppProcess } from "./app-process.js";
import { type DevError, type SentError, toDevError } from "./dev-error.js";
import type { DevPages } from "./dev-pages.js";
import type { DevProxy } from "./dev-proxy.js";

/** Options of a `Runner`. */
export interface RunnerOptions {
  /** The folder of the app. */
  readonly root: string;
  /** The module that starts the app, relative to the folder. */
  readonly entry: string;
  /** Environment variables of the app. */
  readonly variables: Readonly<Record<string, string>>;
  readonly pages: DevPages;
  readonly proxy: DevProxy;
  /** Called for what the app prints. */
  readonly print: (text: string) => void;
}

/** The options of a restart of the app. */
export interface RestartOptions {
  /** Whether a process that has run the app before must not be used. */
  readonly renews?: boolean;
  /** Whether pages are loaded again, instead of connecting again. */
  readonly reloads?: boolean;
}

/** An app that listens. */
interface RunningApp {
  readonly process: AppProcess;
  readonly port: number;
}

/**
 * Runs an app in one process while another one, which has loaded the packages, waits for the next start. At a start they
 * change places. The old process is used again if its app has ended without ending the process.
 */
export class Runner {
  readonly #options: RunnerOptions;
  /** The process for the next start. */
  #standby: Promise<AppProcess>;
  #running: RunningApp | undefined;
  /** The process that was started last, even if it has failed. */
  #latest: AppProcess | undefined;
  /** Whether the pages show errors of the last start, or none, rather than those of an earlier one. */
  #showsLatest = true;
  /** The error that has ended the last start. */
  #failure: SentError | undefined;
  #starting: Promise<void> = Promise.resolve();
  /** The starts that have been asked for and have not begun. */
  #asked: RestartOptions[] = [];
  /** Whether the app can be loaded more than once in the same process. */
  #reuses = true;
  readonly #processes = new Set<AppProcess>();
  /** The processes whose packages and environment are those of the app. */
  readonly #current = new Set<AppProcess>();
  readonly #modules = new Set<string>();

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.#standby = Promise.resolve(this.#prepare());
  }

  /** Resolves with the port of the app when it runs, or with null if it could not start. */
  async port(): Promise<number | null> {
    if (!this.#running) await this.#starting;
    return this.#running?.port ?? null;
  }

  /** Whether the app has loaded a file as a module. */
  hasLoaded(file: string): boolean {
    return this.#modules.has(path.resolve(this.#options.root, file));
  }

  /** Starts the app again, after the start that is under way. Several calls until then cause one start. */
  restart(options: RestartOptions = {}): Promise<void> {
    this.#asked.push(options);
    if (this.#asked.length === 1) {
      this.#starting = this.#starting.then(() => {
        const asked = this.#asked.splice(0);
        if (asked.some(({ renews }) => renews)) this.#current.clear();
        return this.#replace(asked.some(({ reloads }) => reloads));
      });
    }
    return this.#starting;
  }

  /** Ends the app and all processes. */
  async stop(): Promise<void> {
    await this.#starting;
    await this.#standby;
    await Promise.all([...this.#processes].map((process) => this.#end(process)));
  }

  async #replace(reloads: boolean): Promise<void> {
    const { pages, proxy } = this.#options;
    const old = this.#running;
    const started = await this.#start();
    if (!started) return;
    this.#clearErrors();
    this.#running = started;
    this.#standby = this.#reuse(old?.process);
    if (!old) return;
    if (reloads) pages.send({ type: "reload" });
    await proxy.closeWebSockets();
    if (!reloads) pages.send({ type: "restarted" });
  }

  /** Starts the app in the process that waits for it. */
  async #start(): Promise<RunningApp | undefined> {
    const standby = await this.#standby;
    const process =
      this.#current.has(standby) && !standby.hasEnded ? standby : this.#replaceProcess(standby);
    const isNew = process.starts === 0;
    const port = await this.#startIn(process);
    if (port !== null) return { process, port };
    if (!isNew && this.#failure && mayDependOnProcess(this.#failure)) {
      const other = this.#prepare();
      const port = await this.#startIn(other);
      if (port !== null) {
        this.#reuses = false;
        void this.#end(process);
        return { process: other, port };
      }
      void this.#end(other);
    }
    this.#standby = this.#reuse(process);
    return undefined;
  }

  #startIn(process: AppProcess): Promise<number | null> {
    const { root, entry, variables } = this.#options;
    this.#latest = process;
    this.#showsLatest = false;
    this.#failure = undefined;
    return process.start(path.resolve(root, entry), variables);
  }

  /** Ends the app of a process. Resolves with the process if it can start the app again, or with another one. */
  async #reuse(process: AppProcess | undefined): Promise<AppProcess> {
    if (!process) return this.#prepare();
    if (!this.#reuses || !this.#current.has(process)) return this.#replaceProcess(process);
    return (await process.stop()) ? process : this.#replaceProcess(process);
  }

  #replaceProcess(process: AppProcess): AppProcess {
    void this.#end(process);
    return this.#prepare();
  }

  async #end(process: AppProcess): Promise<void> {
    await process.end();
    this.#processes.delete(process);
    this.#current.delete(process);
  }

  #prepare(): AppProcess {
    const { root, print } = this.#options;
    const process = new AppProcess({
      root,
      // The address of the process is of no use to the user.
      print: (text) => print(text.replaceAll(/^.* listens on http:.*\n/gm, "")),
      onModule: (file) => this.#modules.add(file),
      onError: (error, process) => {
        // Pages of the old process fail until the new one runs.
        if (process === this.#latest) this.#addError(error);
      },
    });
    this.#processes.add(process);
    this.#current.add(process);
    return process;
  }

  /** Adds an error, unless the pages show it: a page that fails is joined again and again. */
  #addError(sent: SentError): void {
    this.#failure = sent;
    const error = toDevError(sent, path.resolve(this.#options.root), this.#modules);
    const { pages } = this.#options;
    const shown = this.#showsLatest ? pages.errors : [];
    this.#showsLatest = true;
    if (!shown.some((other) => isSame(other, error))) pages.errors = [...shown, error];
  }

  #clearErrors(): void {
    if (!this.#showsLatest && this.#options.pages.errors.length > 0)
      this.#options.pages.errors = [];
    this.#showsLatest = true;
  }
}

function isSame(one: DevError, other: DevError): boolean {
  return one.message === other.message && one.place === other.place;
}

/** Whether an app could be loaded in another process in spite of an error: some packages allow a call only once. */
function mayDependOnProcess({ name, code }: SentError): boolean {
  return !/^(?:TransformError|SyntaxError)$/.test(name) && code !== "ERR_MODULE_NOT_FOUND";
}
