import { setTimeout as sleep } from "node:timers/promises";

/** How long a condition may take by default, in milliseconds. */
const patienceMs = 60_000;

/**
 * Waits for a condition.
 *
 * @param what the name of the condition, or a function that describes afterwards what is missing
 * @throws Error with that text if the condition is not met in time
 */
export async function until(
  isMet: () => boolean | Promise<boolean>,
  what: string | (() => string),
  ms = patienceMs,
): Promise<void> {
  const end = performance.now() + ms;
  while (!(await isMet())) {
    if (performance.now() > end) {
      const text = typeof what === "string" ? what : what();
      throw new Error(`${text}: not within ${ms / 1000} s`);
    }
    await sleep(10);
  }
}
