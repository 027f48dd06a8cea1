import { createSite } from "./app.js";
import { ConfigError, readConfig } from "./config.js";
import { withDevelopmentSecret } from "./development-secret.js";
import { startSite } from "./start-site.js";

try {
  const config = readConfig(withDevelopmentSecret(process.env));
  const { url, stop } = await startSite(createSite(config), config);
  process.stdout.write(`The demo listens on ${url}\n`);
  process.once("SIGTERM", stop).once("SIGINT", stop);
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
