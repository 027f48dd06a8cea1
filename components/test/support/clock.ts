const { setTimeout } = globalThis;

/** Lets the time of timers pass a hundred times as fast, until {@link resetClock}. */
export function speedUpClock(): void {
  const fast = (run: () => void, ms = 0): unknown => setTimeout(run, ms / 100);
  globalThis.setTimeout = fast as typeof globalThis.setTimeout;
}

/** Lets time pass as usual. */
export function resetClock(): void {
  globalThis.setTimeout = setTimeout;
}
