import { availableParallelism } from "node:os";

/** Number of jobs that run at the same time, at most four: one more than there are cores, because each job waits at times. */
export const laneCount = Math.min(availableParallelism() + 1, 4);

/** Work of a lane. It must not throw. The jobs that it returns run next. */
export type Job = () => Promise<readonly Job[]>;

/** Runs jobs in the given order, `lanes` of them at a time. */
export async function runInLanes(jobs: readonly Job[], lanes = laneCount): Promise<void> {
  const waiting = [...jobs];
  const runLane = async (): Promise<void> => {
    for (let job = waiting.shift(); job; job = waiting.shift()) waiting.unshift(...(await job()));
  };
  await Promise.all(Array.from({ length: lanes }, runLane));
}
