import type { MeasuredServer } from "./measured-server.js";
import type { RawSocket } from "./raw-socket.js";

/** What a load cost. */
export interface Load {
  readonly perSecond: number;
  /** CPU microseconds of the server for one operation. */
  readonly cpuPerOperation: number;
  /** The share of the time in which the server's CPU was busy, 0 to 1. */
  readonly busy: number;
}

/**
 * Measures a server while operations run. `run` resolves with how many there were. Meanwhile this process
 * never sleeps: a server would otherwise pay for waking it with each answer, the more so the slower it is.
 */
export async function measureLoad(server: MeasuredServer, run: () => Promise<number>): Promise<Load> {
  const before = await server.measure();
  const start = performance.now();
  let isOver = false;
  const stayAwake = () => isOver || setImmediate(stayAwake);
  stayAwake();
  const operations = await run();
  isOver = true;
  const milliseconds = performance.now() - start;
  const after = await server.measure();
  const cpu = after.cpu - before.cpu;
  return {
    perSecond: (operations * 1000) / milliseconds,
    cpuPerOperation: cpu / operations,
    busy: cpu / 1000 / milliseconds,
  };
}

/** A socket and what is sent on it. */
export interface Loop {
  readonly socket: RawSocket;
  readonly frame: Buffer;
}

/** Sends on each socket, and again as soon as it is answered, for a time. */
export function closedLoop(loops: readonly Loop[], ms: number): Promise<number> {
  return new Promise((resolve) => {
    let operations = 0;
    let waiting = loops.length;
    const end = performance.now() + ms;
    for (const { socket, frame } of loops) {
      socket.onFrame = () => {
        operations++;
        if (performance.now() < end) socket.send(frame);
        else if (--waiting === 0) resolve(operations);
      };
      socket.send(frame);
    }
  });
}

/**
 * How much of a bare server's rate the other one reaches: by throughput where both servers were the
 * bottleneck, by their CPU time for an operation where the load generator was.
 */
export function ratioOf(load: Load, bare: Load): { ratio: number; by: "rate" | "cpu" } {
  const saturated = load.busy > 0.95 && bare.busy > 0.95;
  return saturated
    ? { ratio: load.perSecond / bare.perSecond, by: "rate" }
    : { ratio: bare.cpuPerOperation / load.cpuPerOperation, by: "cpu" };
}
