import cluster from "node:cluster";
import type { Server } from "node:http";

/**
 * Ends the process when it receives SIGTERM or SIGINT.
 *
 * @param stop ends the site, after its requests in flight
 * @param inner the server at which other processes reach this one
 */
export function stopOnSignal(stop: () => Promise<void>, inner: Server): void {
  // Ctrl-C sends the signal twice, from the terminal and from npm. Ignore the second one.
  let isStopping = false;
  const onSignal = async () => {
    if (isStopping) return;
    isStopping = true;
    await stop();
    inner.close();
    inner.closeAllConnections();
    if (cluster.isWorker) process.disconnect();
  };
  process.on("SIGTERM", onSignal).on("SIGINT", onSignal);
}
