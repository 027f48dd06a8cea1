import type { CommandTransition } from "../../protocol/index.js";

/** What a transition under way does when it is over, or when another takes its place. */
interface Running {
  readonly cancel: () => void;
  /** Whether the element is on its way out. */
  readonly hides: boolean;
}

const defaultMs = 200;
const running = new WeakMap<Element, Running>();

/** How long a transition takes: no time where the user wants no motion. */
export const durationOf = (transition: CommandTransition | undefined, ms = defaultMs): number =>
  transition && !matchMedia("(prefers-reduced-motion: reduce)").matches ? ms : 0;

/** Whether an element shows, and is to stay. */
export const isShown = (element: Element): boolean =>
  !running.get(element)?.hides && element.getClientRects().length > 0;

/** Ends the transition of an element where it stands. */
export const cancelTransition = (element: Element): void => running.get(element)?.cancel();

/**
 * Gives an element the classes of a transition for its time, in place of one under way: those of the start and
 * the whole at once, in the next frame those of the end in place of the start. Then `finish` is called, also
 * when there is nothing to wait for, but not when the transition is cancelled.
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
  if (!transition || !duration) {
    finish();
    return;
  }
  const [during, start, end] = transition;
  const { classList } = element;
  const added = [...during, ...start, ...end].filter((name) => !classList.contains(name));
  classList.remove(...end);
  classList.add(...during, ...start);
  // Now the browser knows where it starts.
  element.getBoundingClientRect();
  const timers: ReturnType<typeof setTimeout>[] = [];
  const cancel = (): void => {
    for (const timer of timers) clearTimeout(timer);
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
  timers.push(
    setTimeout(() => {
      cancel();
      finish();
    }, duration),
  );
}

/** Tabs in the background have no frames. */
function nextFrame(run: () => void): void {
  if (document.hidden) setTimeout(run);
  else requestAnimationFrame(run);
}
