import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, Server as NetServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
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
      const drained = performance.now() + drainMs;
      requests.closeConnections();
      if (drainMs > 0) stopListening(server);
      else server.close();
      // Sockets and long polls are closed first, because a waiting poll is a running request.
      await site.live.close(drainMs > 0 ? { over: drainMs } : {});
      await requests.finish(drained + stopMs - performance.now());
      await Promise.race([closed, delay(drained - performance.now(), undefined, { ref: false })]);
      server.closeAllConnections();
      await site.close();
      await closed;
    },
  };
}

/**
 * Accepts no more connections. `close` of an HTTP server would also end the idle ones, although a proxy may just send a request
 * on them. That request is answered, and Node ends the others after `server.keepAliveTimeout`.
 */
function stopListening(server: NetServer): void {
  NetServer.prototype.close.call(server);
}
