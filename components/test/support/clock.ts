const { setTimeout, clearTimeout } = globalThis;

/** Makes timers a hundred times as fast, until {@link resetClock}. */
export function speedUpClock(): void {
  const fast = (run: () => void, ms = 0): unknown => setTimeout(run, ms / 100);
  globalThis.setTimeout = fast as typeof globalThis.setTimeout;
}

let nowMs = 0;
const timers = new Map<number, { readonly atMs: number; readonly run: () => void }>();
let lastTimer = 0;

/** Stops all timers, which only {@link passTime} advances, until {@link resetClock}. */
export function stopClock(): void {
  nowMs = 0;
  const set = (run: () => void, ms = 0): number => {
    lastTimer++;
    timers.set(lastTimer, { atMs: nowMs + ms, run });
    return lastTimer;
  };
  const clear = (timer?: number): void => {
    timers.delete(timer ?? 0);
  };
  globalThis.setTimeout = set as typeof globalThis.setTimeout;
  globalThis.clearTimeout = clear as typeof globalThis.clearTimeout;
}

/** Advances the clock and runs the timers that are due, in order. */
export function passTime(ms: number): void {
  const endMs = nowMs + ms;
  for (;;) {
    const next = [...timers]
      .filter(([, { atMs }]) => atMs <= endMs)
      .sort(([, a], [, b]) => a.atMs - b.atMs)[0];
    if (!next) break;
    timers.delete(next[0]);
    nowMs = next[1].atMs;
    next[1].run();
  }
  nowMs = endMs;
}

/** Returns the remaining milliseconds of the timers that wait for {@link passTime}. */
export const waitsOfTimers = (): number[] => [...timers.values()].map(({ atMs }) => atMs - nowMs);

/** Restores the timers of the browser. */
export function resetClock(): void {
  globalThis.setTimeout = setTimeout;
  globalThis.clearTimeout = clearTimeout;
  timers.clear();
}
