import { availableParallelism } from "node:os";

/** Number of jobs that run at the same time, at most four: one more than there are cores, because each job waits at times. */
export const laneCount = Math.min(availableParallelism() + 1, 4);

/** Runs jobs in the given order, `lanes` of them at a time. A job must not throw. */
export async function runInLanes(
  jobs: readonly (() => Promise<void>)[],
  lanes = laneCount,
): Promise<void> {
  const waiting = jobs.values();
  const runLane = async (): Promise<void> => {
    for (const job of waiting) await job();
  };
  await Promise.all(Array.from({ length: lanes }, runLane));
}
