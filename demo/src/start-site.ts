import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Site } from "./app.js";
import type { Config } from "./config.js";
import { RunningRequests } from "./running-requests.js";

/** A site whose server listens. */
export interface RunningSite {
  /** The address of the site, without a trailing slash. */
  readonly url: string;
  /** Stops the site. Running requests are answered first, within the time limit. */
  stop(): Promise<void>;
}

/** Options of `startSite`. */
export interface StartOptions {
  /** How long `stop` waits for running requests, in milliseconds. */
  readonly stopMs?: number;
  /** Over how long `stop` spreads the ends of the sockets, in milliseconds; 0 by default. */
  readonly drainMs?: number;
}

/** Prepares a site and starts its server. Port 0 chooses a free port. */
export async function startSite(
  site: Site,
  { host, port }: Pick<Config, "host" | "port">,
  { stopMs = 10_000, drainMs = 0 }: StartOptions = {},
): Promise<RunningSite> {
  await site.prepare();
  const server = site.live.attach(createServer(site.app.callback()));
  const requests = new RunningRequests(server);
  server.listen(port, host);
  await once(server, "listening");
  const address = server.address() as AddressInfo;
  return {
    url: `http://${host ?? "0.0.0.0"}:${address.port}`,
    async stop() {
      const closed = once(server, "close");
      server.close();
      server.closeIdleConnections();
      // Sockets and long polls are closed first, because a waiting poll is a running request.
      const closing = site.live.close(drainMs > 0 ? { over: drainMs } : {});
      await Promise.all([closing, requests.finish(stopMs + drainMs)]);
      server.closeAllConnections();
      await site.close();
      await closed;
    },
  };
}
