import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createSite } from "./app.js";
import { ConfigError, readConfig } from "./config.js";
import { withDevelopmentSecret } from "./development-secret.js";

try {
  await start();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

async function start(): Promise<void> {
  const config = readConfig(withDevelopmentSecret(process.env));
  const { app, live } = createSite(config);
  const server = live.attach(createServer(app.callback()));
  server.listen(config.port, config.host);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`The demo listens on http://${config.host ?? "0.0.0.0"}:${port}\n`);

  const stop = async () => {
    server.close();
    await live.close();
    server.closeAllConnections();
  };
  process.once("SIGTERM", stop).once("SIGINT", stop);
}
