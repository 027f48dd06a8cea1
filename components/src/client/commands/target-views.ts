import type { EventTargetView } from "../bindings/binder.js";

interface SessionElement extends HTMLElement {
  readonly view?: EventTargetView | undefined;
}

/**
 * Finds the views that contain the given elements, each once.
 *
 * @param target elements, or a selector that finds them in the page
 * @throws Error if no view contains them
 */
export function targetViews(
  target: string | Element | readonly Element[],
): readonly EventTargetView[] {
  const sessions = elementsOf(target).map(
    (each) => Element.prototype.closest.call(each, "live-session") as SessionElement | null,
  );
  const views = [...new Set(sessions)].flatMap((session) => session?.view ?? []);
  if (views.length === 0) throw new Error("the target of the event is not in a live session");
  return views;
}

function elementsOf(target: string | Element | readonly Element[]): readonly Element[] {
  if (typeof target === "string") return [...document.querySelectorAll(target)];
  return target instanceof Element ? [target] : target;
}
