import { once } from "node:events";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { DevPages } from "./dev-pages.js";
import { DevProxy } from "./dev-proxy.js";
import { Runner } from "./runner.js";
import { classify, watchApp } from "./watch.js";

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
  const { root, host, entry, print } = options;
  const pages = new DevPages();
  const proxy = new DevProxy({ pages, appPort: () => runner.port() });
  const { server } = proxy;
  server.listen(options.port, host);
  await once(server, "listening");
  const url = `http://${host}:${(server.address() as AddressInfo).port}`;
  const variables = { HOST: "127.0.0.1", APP_URL: process.env.APP_URL ?? url };
  const runner = new Runner({ root, entry, variables, pages, proxy, print });
  const unwatch = watchApp(root, path.dirname(entry), (files) => {
    const changes = classify(files, (file) => runner.hasLoaded(file));
    for (const file of changes.styles) pages.send({ type: "style", file });
    if (changes.restarts) void runner.restart(changes);
    else if (changes.reloads) pages.send({ type: "reload" });
  });
  await runner.restart();
  return {
    url,
    async stop() {
      unwatch();
      pages.close();
      server.close();
      server.closeAllConnections();
      await runner.stop();
    },
  };
}
