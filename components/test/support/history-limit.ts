/** WebKit's limit: the next call of `pushState` or `replaceState` in the same time span throws. */
const limit = 100;
const spanMs = 10_000;
/** More calls than one test makes. */
const callsOfTest = 30;

const { setTimeout } = globalThis;
const isWebKit = navigator.userAgent.includes("AppleWebKit") && !("chrome" in window);
let spanBegin = Number.NEGATIVE_INFINITY;
let calls = 0;

/** Counts the calls as WebKit does. */
function count(): void {
  const now = performance.now();
  if (now - spanBegin > spanMs) [spanBegin, calls] = [now, 0];
  calls++;
}

if (isWebKit) {
  for (const name of ["pushState", "replaceState"] as const) {
    const call = history[name].bind(history);
    history[name] = (...args) => {
      count();
      call(...args);
    };
  }
}

/** Resolves when the next test can change the history without meeting WebKit's limit; at once in other engines. */
export async function waitForHistory(): Promise<void> {
  if (calls < limit - callsOfTest) return;
  const leftMs = spanBegin + spanMs - performance.now();
  await new Promise((resolve) => setTimeout(resolve, leftMs + 100));
}
