import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Site } from "./app.js";
import type { Config } from "./config.js";

/** A site whose server listens. */
export interface RunningSite {
  /** The address of the site, without a trailing slash. */
  readonly url: string;
  /** Stops the site. Resolves when running requests have finished. */
  stop(): Promise<void>;
}

/** Prepares a site and starts its server. Port 0 chooses a free port. */
export async function startSite(
  site: Site,
  { host, port }: Pick<Config, "host" | "port">,
): Promise<RunningSite> {
  await site.prepare();
  const server = site.live.attach(createServer(site.app.callback()));
  server.listen(port, host);
  await once(server, "listening");
  const address = server.address() as AddressInfo;
  return {
    url: `http://${host ?? "0.0.0.0"}:${address.port}`,
    async stop() {
      const closed = once(server, "close");
      server.close();
      server.closeIdleConnections();
      await site.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
