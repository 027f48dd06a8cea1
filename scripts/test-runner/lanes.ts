import { availableParallelism } from "node:os";

/** Number of jobs that run at the same time, at most four: one more than there are cores, because each job waits at times. */
export const laneCount = Math.min(availableParallelism() + 1, 4);

/** Work of a lane. It must not throw. The jobs that it returns run next. */
export type Job = () => Promise<readonly Job[]>;

/** Runs jobs in the given order, `lanes` of them at a time. */
export async function runInLanes(jobs: readonly Job[], lanes = laneCount): Promise<void> {
  const waiting = [...jobs];
  const running = new Set<Promise<void>>();
  const start = (job: Job): void => {
    const run = job().then((next) => {
      running.delete(run);
      waiting.unshift(...next);
    });
    running.add(run);
  };
  while (waiting.length > 0 || running.size > 0) {
    for (const job of waiting.splice(0, lanes - running.size)) start(job);
    await Promise.race(running);
  }
}
