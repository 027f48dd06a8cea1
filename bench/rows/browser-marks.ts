/** The steps that are measured. */
export type Step = "takeOver" | "patch" | "replace";

/** How many promises may follow each other in a step. Lit elements await fewer. */
const maxPromises = 50;

/**
 * Runs in the page: marks the start of a step and its end, after the microtasks that it starts. The page's layout is not part of the
 * step, unless the step itself reads it: when the browser draws a frame depends on its clock, and both pages draw the same.
 */
export async function measureStep(step: Step, run: () => unknown): Promise<void> {
  performance.mark(`${step} start`);
  run();
  for (let i = 0; i < maxPromises; i++) await undefined;
  performance.mark(`${step} end`);
}

/** Waits until the browser has drawn a frame, so that each step starts with a complete layout. */
export const nextFrame = (): Promise<void> =>
  new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
