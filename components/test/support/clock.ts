const { setTimeout, clearTimeout } = globalThis;

/** Lets the time of timers pass a hundred times as fast, until {@link resetClock}. */
export function speedUpClock(): void {
  const fast = (run: () => void, ms = 0): unknown => setTimeout(run, ms / 100);
  globalThis.setTimeout = fast as typeof globalThis.setTimeout;
}

let nowMs = 0;
const timers = new Map<number, { readonly atMs: number; readonly run: () => void }>();
let lastTimer = 0;

/** Lets no time pass for timers but by {@link passTime}, until {@link resetClock}. */
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

/** Runs the timers of so many milliseconds, in order. */
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

/** Lets time pass as usual. */
export function resetClock(): void {
  globalThis.setTimeout = setTimeout;
  globalThis.clearTimeout = clearTimeout;
  timers.clear();
}
