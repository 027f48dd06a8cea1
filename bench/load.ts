import type { MeasuredServer } from "./measured-server.js";
import type { RawSocket } from "./raw-socket.js";

/** The measured cost of a load. */
export interface Load {
  readonly perSecond: number;
  /** CPU microseconds of the server for one operation. */
  readonly cpuPerOperation: number;
  /** The share of the time in which the server's CPU was busy, 0 to 1. */
  readonly busy: number;
}

/** A server, and a function that runs operations on it. */
export interface Subject {
  readonly server: MeasuredServer;
  /** @returns the number of operations */
  run(): Promise<number>;
}

/**
 * Measures a server while operations run. This process does not sleep meanwhile. Otherwise each answer of the server would
 * have to wake it, which would cost a slow server more CPU time than a fast one.
 */
export async function measureLoad(subject: Subject): Promise<Load> {
  const [load] = await measureLoads([subject], 1);
  return load as Load;
}

/**
 * Measures several servers in turn, so that other work of the machine affects all of them.
 *
 * @returns the load of each server over all rounds
 */
export async function measureLoads(subjects: readonly Subject[], rounds: number): Promise<Load[]> {
  const sums = subjects.map(() => ({ operations: 0, cpu: 0, milliseconds: 0 }));
  let isOver = false;
  const stayAwake = () => isOver || setImmediate(stayAwake);
  stayAwake();
  for (let round = 0; round < rounds; round++) {
    for (const [i, { server, run }] of subjects.entries()) {
      const sum = sums[i] as (typeof sums)[number];
      const before = await server.measure();
      const start = performance.now();
      sum.operations += await run();
      sum.milliseconds += performance.now() - start;
      sum.cpu += (await server.measure()).cpu - before.cpu;
    }
  }
  isOver = true;
  return sums.map(({ operations, cpu, milliseconds }) => ({
    perSecond: (operations * 1000) / milliseconds,
    cpuPerOperation: cpu / operations,
    busy: cpu / 1000 / milliseconds,
  }));
}

/** A socket and the frame that is sent on it. */
export interface Loop {
  readonly socket: RawSocket;
  readonly frame: Buffer;
}

/** Sends a frame on each socket, and again after each answer, until the time is over. Resolves with the number of answers. */
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
 * Returns the rate of a server as a share of a bare server's rate. Compares their throughput if both servers were the
 * bottleneck, and their CPU time per operation if the load generator was.
 */
export function ratioOf(load: Load, bare: Load): { ratio: number; by: "rate" | "cpu" } {
  const saturated = load.busy > 0.95 && bare.busy > 0.95;
  return saturated
    ? { ratio: load.perSecond / bare.perSecond, by: "rate" }
    : { ratio: bare.cpuPerOperation / load.cpuPerOperation, by: "cpu" };
}
