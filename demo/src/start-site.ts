import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Site } from "./app.js";
import type { Config } from "./config.js";

/** A site that answers. */
export interface RunningSite {
  /** Where it does, without a slash at the end. */
  readonly url: string;
  /** Ends the site; resolves when what was under way is done. */
  stop(): Promise<void>;
}

/** Prepares a site and lets it listen; on port 0, on any port that is free. */
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
