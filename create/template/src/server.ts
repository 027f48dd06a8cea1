import { createSite } from "./app.js";
import { ConfigError, readConfig } from "./config.js";
import { readEnvironment } from "./environment.js";
import { startSite } from "./start-site.js";

try {
  const config = readConfig(readEnvironment());
  const { url, stop } = await startSite(createSite(config), config);
  // Ctrl-C sends the signal twice, from the terminal and from npm. Ignore the second one.
  let isStopping = false;
  const onSignal = () => {
    if (!isStopping) void stop();
    isStopping = true;
  };
  process.on("SIGTERM", onSignal).on("SIGINT", onSignal);
  process.stdout.write(`My app listens on ${url}\n`);
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
