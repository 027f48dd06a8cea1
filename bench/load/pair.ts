import type { MeasuredServer } from "../servers/measured-server.js";

/** A server, and a function that runs operations on it. */
export interface Subject {
  readonly server: MeasuredServer;
  /** Runs one sample. @returns the number of operations */
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

/** How many operations warm a server up at least. V8 still optimizes what a page runs once after 3,000 pages. */
const minWarmUp = 4000;
/** How many samples may follow that do not agree. */
const maxUnsteady = 10;

/**
 * Measures two servers in turn. Both collect the garbage of earlier rows first, and are then warmed up. They do so only once,
 * because V8 discards compiled code in a collection that a program requests, unlike in those of its own. The CPU time per
 * operation is compared, because the throughput also depends on what else the machine does.
 */
export async function comparePair(ours: Subject, bare: Subject): Promise<Comparison> {
  return stayingAwake(async () => {
    for (const { server } of [ours, bare]) await server.measure({ gc: true });
    await warmUp(ours);
    await warmUp(bare);
    const costs: [ours: number, bare: number][] = [];
    for (let pair = 0; pair < pairs; pair++)
      costs.push(pair % 2 === 0 ? await costsOf(ours, bare) : swap(await costsOf(bare, ours)));
    return toComparison(costs);
  });
}

/** Returns the costs of a pair in the other order. */
export const swap = <Cost>([first, second]: readonly [Cost, Cost]): [Cost, Cost] => [second, first];

/**
 * Runs operations until V8 has optimized the code of a server, and then until two samples agree within 5 %.
 */
async function warmUp(subject: Subject): Promise<void> {
  for (let operations = 0; operations < minWarmUp; ) operations += await subject.run();
  let before = Number.POSITIVE_INFINITY;
  for (let sample = 1; sample <= maxUnsteady; sample++) {
    const cost = await costOf(subject);
    if (Math.abs(cost / before - 1) < 0.05) return;
    before = cost;
  }
}

/**
 * Returns the costs of a pair: of one sample of the first subject, two of the second and one more of the first, so that a steady
 * change of the machine's speed favours neither.
 */
async function costsOf(first: Subject, second: Subject): Promise<[number, number]> {
  const start = await costOf(first);
  const other = (await costOf(second)) + (await costOf(second));
  return [start + (await costOf(first)), other].map((sum) => sum / 2) as [number, number];
}

/** Measures one server alone, after a warm-up. @returns the CPU microseconds of an operation: the median of samples */
export function measureAlone(subject: Subject): Promise<number> {
  return stayingAwake(async () => {
    await warmUp(subject);
    const costs: number[] = [];
    for (let sample = 0; sample < pairs; sample++) costs.push(await costOf(subject));
    return quantile(costs, 0.5);
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
async function costOf({ server, run }: Subject): Promise<number> {
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
