import type { MeasuredServer } from "../servers/measured-server.js";

/** A server, and a function that runs operations on it. */
export interface Subject {
  readonly server: MeasuredServer;
  /** Runs one sample. @returns the number of operations */
  run(): Promise<number>;
}

/** A server's cost relative to a bare server's. */
export interface Comparison {
  /** The cost of an operation: the medians. */
  readonly ours: number;
  readonly bare: number;
  /** `bare / ours` in each round: the median. */
  readonly ratio: number;
  /** The distance between the quartiles of the ratios, as a share of the median. */
  readonly spread: number;
}

/** How many rounds are measured. */
const serverRounds = 11;

/** How many operations warm a server up. V8 still optimizes what a page runs once after 3,000 pages. */
const warmUpOperations = 4000;
/** How much CPU time is enough for operations that take long, in microseconds. */
const warmUpMicros = 4e6;
/** The maximum number of samples until two of them agree. */
const maxUnsteady = 10;

/**
 * Takes samples in rounds. A round takes one sample of each, and then one of each in the reverse order, so that a steady change
 * of the machine's speed favours none.
 *
 * @param samplers functions that take one sample each
 * @returns for each of them, the two samples of each round
 */
export async function sampleInRounds<Sample>(
  samplers: readonly (() => Promise<Sample>)[],
  rounds: number,
): Promise<(readonly [Sample, Sample])[][]> {
  const results = samplers.map((): (readonly [Sample, Sample])[] => []);
  for (let round = 0; round < rounds; round++) {
    const order = [...samplers.keys()];
    if (round % 2 === 1) order.reverse(); // Otherwise the same one would always be measured without a pause.
    const first = new Map<number, Sample>();
    for (const i of order) first.set(i, await (samplers[i] as () => Promise<Sample>)());
    for (const i of order.reverse())
      results[i]?.push([first.get(i) as Sample, await (samplers[i] as () => Promise<Sample>)()]);
  }
  return results;
}

/**
 * Measures several operations in rounds. Their servers collect the garbage of earlier rows first, and are then warmed up. They do so
 * only once, because V8 discards compiled code in a collection that a program requests, unlike in those of its own. The CPU time
 * per operation is measured, because the throughput also depends on what else the machine does.
 *
 * @returns for each operation, the CPU microseconds that it took in each round
 */
export function measureInRounds<Name extends string>(
  subjects: Readonly<Record<Name, Subject>>,
): Promise<Record<Name, number[]>> {
  return stayingAwake(async () => {
    const all = Object.entries<Subject>(subjects);
    for (const server of new Set(all.map(([, subject]) => subject.server)))
      await server.measure({ gc: true });
    for (const [, subject] of all) await warmUp(subject);
    const samplers = all.map(
      ([, subject]) =>
        () =>
          costOf(subject),
    );
    const samples = await sampleInRounds(samplers, serverRounds);
    const costs = samples.map((rounds) => rounds.map(([one, other]) => (one + other) / 2));
    return Object.fromEntries(all.map(([name], i) => [name, costs[i]])) as Record<Name, number[]>;
  });
}

/** Measures one operation and the same operation of a bare server. */
export async function measurePair(ours: Subject, bare: Subject): Promise<Comparison> {
  const costs = await measureInRounds({ ours, bare });
  return compare(costs.ours, costs.bare);
}

/** Runs operations until V8 has optimized the code of a server, and then until two samples agree within 5 %. */
async function warmUp(subject: Subject): Promise<void> {
  const start = await subject.server.measure();
  for (let operations = 0; operations < warmUpOperations; ) {
    operations += await subject.run();
    if ((await subject.server.measure()).cpu - start.cpu > warmUpMicros) break;
  }
  let before = Number.POSITIVE_INFINITY;
  for (let sample = 1; sample <= maxUnsteady; sample++) {
    const cost = await costOf(subject);
    if (Math.abs(cost / before - 1) < 0.05) return;
    before = cost;
  }
}

/** Measures one server alone, after a warm-up. @returns the CPU microseconds of an operation: the median of samples */
export function measureAlone(subject: Subject): Promise<number> {
  return stayingAwake(async () => {
    await warmUp(subject);
    const costs: number[] = [];
    for (let sample = 0; sample < serverRounds; sample++) costs.push(await costOf(subject));
    return quantile(costs, 0.5);
  });
}

/** Compares the costs of an operation in some rounds with those of a bare server in the same rounds. */
export function compare(ours: readonly number[], bare: readonly number[]): Comparison {
  const ratios = ours.map((cost, round) => (bare[round] as number) / cost);
  const ratio = quantile(ratios, 0.5);
  return {
    ours: quantile(ours, 0.5),
    bare: quantile(bare, 0.5),
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
