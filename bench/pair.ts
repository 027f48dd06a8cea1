import type { MeasuredServer } from "./measured-server.js";

/** A server, and a function that runs operations on it. */
export interface Subject {
  readonly server: MeasuredServer;
  /** @returns the number of operations */
  run(): Promise<number>;
}

/** A server's cost relative to a bare server's, measured in pairs that alternate. */
export interface Comparison {
  /** CPU microseconds of an operation: the medians. */
  readonly ours: number;
  readonly bare: number;
  /** `bare / ours` of each pair: the median. */
  readonly ratio: number;
  /** The distance between the quartiles of the ratios, as a share of the median. */
  readonly spread: number;
}

/** How many pairs are measured. */
const pairs = 9;

/**
 * Measures two servers in turn. Both are warmed up first. The CPU time per operation is compared, because the throughput also
 * depends on what else the machine does.
 */
export async function comparePair(ours: Subject, bare: Subject): Promise<Comparison> {
  return stayingAwake(async () => {
    for (const subject of [ours, bare, ours, bare]) await subject.run();
    const costs: [ours: number, bare: number][] = [];
    for (let pair = 0; pair < pairs; pair++) {
      // Every other pair begins with the other server, so that a change of the machine's speed favours neither.
      const [first, second] = pair % 2 === 0 ? [ours, bare] : [bare, ours];
      const before = await cpuOf(first);
      const after = await cpuOf(second);
      costs.push(pair % 2 === 0 ? [before, after] : [after, before]);
    }
    return toComparison(costs);
  });
}

/** Returns the medians of pairs, and the spread of their ratios. */
export function toComparison(
  costs: readonly (readonly [ours: number, bare: number])[],
): Comparison {
  const ratios = costs.map(([ours, bare]) => bare / ours);
  const ratio = quantile(ratios, 0.5);
  return {
    ours: quantile(
      costs.map(([cost]) => cost),
      0.5,
    ),
    bare: quantile(
      costs.map(([, cost]) => cost),
      0.5,
    ),
    ratio,
    spread: (quantile(ratios, 0.75) - quantile(ratios, 0.25)) / ratio,
  };
}

/** Returns the CPU microseconds of one operation. */
async function cpuOf({ server, run }: Subject): Promise<number> {
  const before = await server.measure();
  const operations = await run();
  return ((await server.measure()).cpu - before.cpu) / operations;
}

/**
 * Keeps this process awake while a function runs. Otherwise each answer of the server would have to wake it, which would cost
 * a slow server more CPU time than a fast one.
 */
async function stayingAwake<Result>(run: () => Promise<Result>): Promise<Result> {
  let isOver = false;
  const stayAwake = () => isOver || setImmediate(stayAwake);
  stayAwake();
  try {
    return await run();
  } finally {
    isOver = true;
  }
}

/** Returns a quantile of values, interpolated between the nearest two. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const low = sorted[Math.floor(at)] as number;
  const high = sorted[Math.ceil(at)] as number;
  return low + (high - low) * (at - Math.floor(at));
}
