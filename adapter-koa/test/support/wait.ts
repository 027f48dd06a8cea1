/** Resolves when a condition is true. It is checked after each turn of the event loop. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what = "the condition",
): Promise<void> {
  const late = performance.now() + 60_000;
  while (!(await condition())) {
    if (performance.now() > late) throw new Error(`${what} did not come about`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
