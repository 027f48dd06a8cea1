import type { VisitDetail } from "../navigation/visit.js";

/** The data of a visit that decides how its page is shown. */
export type ShownVisit = Pick<VisitDetail, "direction" | "isAnimated">;

/**
 * Starts a View Transition, which calls `update` when the browser has captured the page.
 *
 * @returns false if there is no transition: the browser does not support it or shows its own, the user prefers reduced
 *   motion, or the session or an ancestor has `no-view-transitions`. Then `update` is not called.
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
  // Ignores the rejection of a transition that is skipped because the page is hidden or the next one starts.
  transition.ready.catch(() => {});
  return true;
}
