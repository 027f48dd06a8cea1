import cluster from "node:cluster";
import { once } from "node:events";
import { createServer } from "node:http";
import { createSite } from "./app.js";
import { ConfigError, readConfig } from "./config.js";
import { withDevelopmentSecret } from "./development-secret.js";
import { runProcesses } from "./scaling/processes.js";
import { readScaling } from "./scaling/scaling.js";
import { stopOnSignal } from "./scaling/stop-on-signal.js";
import { startSite } from "./start-site.js";

try {
  const config = readConfig(withDevelopmentSecret(process.env));
  const scaling = readScaling(process.env);
  if (cluster.isPrimary && scaling.processes > 1) runProcesses(scaling.processes);
  else await serve();

  async function serve(): Promise<void> {
    const { address, redisUrl, drainSeconds } = scaling;
    const site = createSite(config, { address, redisUrl });
    const inner = createServer(site.app.callback());
    if (address?.startsWith("/")) await once(inner.listen(address), "listening");
    const { url, stop } = await startSite(site, config, { drainMs: drainSeconds * 1000 });
    stopOnSignal(stop, inner);
    process.stdout.write(`The demo listens on ${url}\n`);
  }
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
