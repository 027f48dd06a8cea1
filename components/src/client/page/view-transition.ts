import type { Visit } from "../navigation/visit.js";

/** What tells how a visit is shown. */
export type ShownVisit = Pick<Visit, "direction" | "isAnimated">;

/**
 * Begins a View Transition of the browser, which calls `update` when it has its picture of the page.
 *
 * @returns false where there is none: the browser has none or shows its own, the user wants little motion, or
 *   `no-view-transitions` stands on the session or around it. Then `update` is not called.
 */
export function startViewTransition(
  session: Element,
  update: () => void,
  { direction, isAnimated }: ShownVisit,
): boolean {
  if (isAnimated || !document.startViewTransition) return false;
  if (
    matchMedia("(prefers-reduced-motion: reduce)").matches ||
    session.closest("[no-view-transitions]")
  ) {
    return false;
  }
  const transition = document.startViewTransition(update);
  transition.types?.add(direction);
  // It is skipped where the page is hidden or the next one begins.
  transition.ready.catch(() => {});
  return true;
}
