import { once } from "node:events";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { AppProcess } from "./app-process.js";
import { type DevError, toDevError } from "./dev-error.js";
import { DevPages } from "./dev-pages.js";
import { createDevProxy } from "./dev-proxy.js";
import { classify, watchFolder } from "./watch.js";

/** Options of `startDevServer`. */
export interface DevServerOptions {
  /** The folder of the app. */
  readonly root: string;
  /** The module that starts the app, relative to the folder. */
  readonly entry: string;
  readonly host: string;
  readonly port: number;
  /** Called for what the app prints. */
  readonly print: (text: string) => void;
}

/** A development server that listens. */
export interface DevServer {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts an app, and starts it again when a file in the folder of its entry changes. A process that has loaded the
 * packages already waits for that. The old process runs until the new one listens; then its pages connect again.
 *
 * @throws an error with the code `EADDRINUSE` when another program uses the port.
 */
export async function startDevServer(options: DevServerOptions): Promise<DevServer> {
  const { root, host } = options;
  const pages = new DevPages();
  const proxy = createDevProxy({ pages, appPort: () => runner.port() });
  proxy.listen(options.port, host);
  await once(proxy, "listening");
  const { port } = proxy.address() as AddressInfo;
  const runner = new Runner(options, pages, port);
  const unwatch = watchFolder(path.join(root, path.dirname(options.entry)), (files) => {
    const { styles, restarts, reloads } = classify(files);
    for (const file of styles) pages.send({ type: "style", file });
    if (restarts) void runner.restart(reloads);
    else if (reloads) pages.send({ type: "reload" });
  });
  await runner.restart(false);
  return {
    url: `http://${host}:${port}`,
    async stop() {
      unwatch();
      pages.close();
      proxy.close();
      proxy.closeAllConnections();
      await runner.stop();
    },
  };
}

/** Runs the processes of an app, one after the other. */
class Runner {
  readonly #options: DevServerOptions;
  readonly #pages: DevPages;
  #standby: AppProcess | undefined;
  #running: { readonly process: AppProcess; readonly port: number } | undefined;
  /** The process that was started last, even if it has failed. */
  #latest: AppProcess | undefined;
  #starting: Promise<void> = Promise.resolve();
  #starts = 0;
  readonly #publicPort: number;

  constructor(options: DevServerOptions, pages: DevPages, publicPort: number) {
    this.#options = options;
    this.#pages = pages;
    this.#publicPort = publicPort;
    this.#standby = this.#prepare();
  }

  /** Resolves with the port of the app when it runs, or with null if it could not start. */
  async port(): Promise<number | null> {
    if (!this.#running) await this.#starting;
    return this.#running?.port ?? null;
  }

  /** Starts the app again, after the start that is under way. Of several calls only the last one has an effect. */
  restart(reloads: boolean): Promise<void> {
    const start = ++this.#starts;
    this.#starting = this.#starting.then(async () => {
      if (start === this.#starts) await this.#replace(reloads);
    });
    return this.#starting;
  }

  async stop(): Promise<void> {
    await this.#starting;
    await Promise.all([this.#standby?.stop(), this.#running?.process.stop()]);
  }

  async #replace(reloads: boolean): Promise<void> {
    const process = this.#standby ?? this.#prepare();
    this.#standby = undefined;
    this.#latest = process;
    this.#pages.errors = [];
    const { root, entry, host } = this.#options;
    const appUrl = globalThis.process.env.APP_URL ?? `http://${host}:${this.#publicPort}`;
    const variables = { HOST: "127.0.0.1", APP_URL: appUrl };
    const port = await process.start(path.resolve(root, entry), variables);
    if (port !== null) {
      const old = this.#running;
      this.#running = { process, port };
      if (reloads) this.#pages.send({ type: "reload" });
      // The sockets of the old process close, and their pages connect to the new one.
      await old?.process.stop();
      if (old && !reloads) this.#pages.send({ type: "restarted" });
    }
    this.#standby = this.#prepare();
  }

  #prepare(): AppProcess {
    const { root, print } = this.#options;
    return new AppProcess({
      root,
      // The address of the process is of no use to the user.
      print: (text) => print(text.replaceAll(/^.* listens on http:.*\n/gm, "")),
      onError: (error, process) => {
        // Pages of the old process fail until the new one runs.
        if (process === this.#latest) this.#addError(toDevError(error, path.resolve(root)));
      },
    });
  }

  /** Adds an error, unless the pages show it: a page that fails is joined again and again. */
  #addError(error: DevError): void {
    const { errors } = this.#pages;
    const isShown = errors.some(
      ({ message, place }) => message === error.message && place === error.place,
    );
    if (!isShown) this.#pages.errors = [...errors, error];
  }
}
