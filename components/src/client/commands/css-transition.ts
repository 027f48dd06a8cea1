import type { CommandTransition } from "../../protocol/index.js";

/** A transition that is running. */
interface Running {
  readonly cancel: () => void;
  /** Whether the element is hidden at the end. */
  readonly hides: boolean;
}

const defaultMs = 200;
const running = new WeakMap<Element, Running>();

/** Returns the duration of a transition in milliseconds: 0 if there is none, or the user prefers reduced motion. */
export const durationOf = (transition: CommandTransition | undefined, ms = defaultMs): number =>
  transition && !matchMedia("(prefers-reduced-motion: reduce)").matches ? ms : 0;

/** Whether an element is visible and no transition is hiding it. */
export const isShown = (element: Element): boolean =>
  !running.get(element)?.hides && element.getClientRects().length > 0;

/** Ends the transition of an element without its `finish`. */
export const cancelTransition = (element: Element): void => running.get(element)?.cancel();

/**
 * Runs a transition of an element and cancels one that is running. The element gets the classes of the whole transition
 * and of its start. In the next frame those of the end replace those of the start. `finish` is called after the
 * duration, or at once without a transition, but not if the transition is cancelled.
 */
export function runTransition(
  element: Element,
  transition: CommandTransition | undefined,
  ms: number | undefined,
  finish: () => void = () => {},
  hides = false,
): void {
  cancelTransition(element);
  const duration = durationOf(transition, ms);
  if (!transition || duration === 0) {
    finish();
    return;
  }
  const [during, start, end] = transition;
  const { classList } = element;
  const added = [...during, ...start, ...end].filter((name) => !classList.contains(name));
  classList.remove(...end);
  classList.add(...during, ...start);
  // Forces the browser to compute the styles at the start.
  element.getBoundingClientRect();
  const timer = setTimeout(() => {
    cancel();
    finish();
  }, duration);
  const cancel = (): void => {
    clearTimeout(timer);
    running.delete(element);
    classList.remove(...added);
  };
  const current: Running = { cancel, hides };
  running.set(element, current);
  nextFrame(() => {
    if (running.get(element) !== current) return;
    classList.remove(...start);
    classList.add(...end);
  });
}

/** Calls a function in the next frame. Tabs in the background have no frames, so there it is called by a timer. */
function nextFrame(run: () => void): void {
  if (document.hidden) setTimeout(run);
  else requestAnimationFrame(run);
}
