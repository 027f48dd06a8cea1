import cluster, { type Worker } from "node:cluster";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { closeUnaccepted } from "./unaccepted-connections.js";

/** A process that ends sooner after its start is not replaced at once, in milliseconds. */
const MIN_LIFE = 1000;

/**
 * Runs this program in several processes, which share a port. Connections are distributed evenly. A process that ends is
 * replaced. SIGTERM and SIGINT stop all; SIGHUP replaces them one after the other, without refusing a visitor.
 */
export function runProcesses(count: number): void {
  const folder = mkdtempSync(join(tmpdir(), "demo-"));
  let isStopping = false;
  let started = 0;

  const start = (): Worker => {
    const startedAt = Date.now();
    // Each process also listens on a socket of its own, for long polls that reach another process.
    const PROCESS_ADDRESS = join(folder, `${++started}.sock`);
    const worker = cluster.fork({ PROCESS_ADDRESS, WEB_CONCURRENCY: String(count) });
    closeUnaccepted(worker);
    worker.once("exit", () => {
      if (isStopping || worker.exitedAfterDisconnect || notRestarted.has(worker)) return;
      setTimeout(start, Math.max(0, MIN_LIFE - (Date.now() - startedAt)));
    });
    return worker;
  };
  const notRestarted = new WeakSet<Worker>();

  const replaceAll = async () => {
    for (const worker of Object.values(cluster.workers ?? {})) {
      if (!worker || isStopping) continue;
      const next = start();
      notRestarted.add(next);
      if (!(await listens(next))) {
        process.stderr.write("A new process has ended before it was ready. The others continue.\n");
        return;
      }
      notRestarted.delete(next);
      notRestarted.add(worker);
      const exited = once(worker, "exit");
      worker.process.kill("SIGTERM");
      await exited;
    }
  };
  let replacing = Promise.resolve();

  const stop = () => {
    if (isStopping) return;
    isStopping = true;
    for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill("SIGTERM");
  };
  process.on("SIGTERM", stop).on("SIGINT", stop);
  process.on("SIGHUP", () => {
    replacing = replacing.then(replaceAll);
  });
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  for (let i = 0; i < count; i++) start();
}

/** Resolves with whether a process accepts visitors; false if it ends before. */
function listens(worker: Worker): Promise<boolean> {
  return new Promise((resolve) => {
    worker.once("exit", () => resolve(false));
    // Its own socket, a path, comes first.
    worker.on("listening", ({ port }) => {
      if (port > 0) resolve(true);
    });
  });
}
