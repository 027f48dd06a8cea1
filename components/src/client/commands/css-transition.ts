import type { CommandTransition } from "../../protocol/index.js";
import { classListOf } from "./command.js";

/** The options of {@link runTransition}. */
export interface TransitionOptions {
  /** The properties that the command of the transition changes; see {@link endTransitions}. */
  readonly changes: readonly string[];
  /** Called at the end. */
  readonly finish?: () => void;
  /** Whether the element is hidden at the end. */
  readonly hides?: boolean;
}

/** A transition that is running. */
interface Running extends TransitionOptions {
  readonly cancel: () => void;
}

const defaultMs = 200;
const running = new WeakMap<Element, Set<Running>>();

const runningOf = (element: Element): Running[] => [...(running.get(element) ?? [])];

/** Returns the duration of a transition in milliseconds: 0 if there is none, or the user prefers reduced motion. */
export const durationOf = (transition: CommandTransition | undefined, ms = defaultMs): number =>
  transition && !matchMedia("(prefers-reduced-motion: reduce)").matches ? ms : 0;

/** Whether an element is visible and no transition is hiding it. */
export const isShown = (element: Element): boolean =>
  !runningOf(element).some(({ hides }) => hides) && element.getClientRects().length > 0;

/**
 * Ends the transitions of an element whose commands change the same as the next command. Other transitions go on.
 *
 * @param changes names of what the next command changes: a class `.name`, an attribute `[name]`, `display` …
 * @param finishes whether `finish` is called, so that the next command finds the result of the earlier ones
 */
export function endTransitions(
  element: Element,
  changes: readonly string[],
  finishes: boolean,
): void {
  for (const each of runningOf(element)) {
    if (!each.changes.some((name) => changes.includes(name))) continue;
    each.cancel();
    if (finishes) each.finish?.();
  }
}

/**
 * Runs a transition of an element. The element gets the classes of the whole transition and of its start. In the next
 * frame those of the end replace those of the start. `finish` is called after the duration, or at once without a
 * transition, but not if the transition is cancelled.
 */
export function runTransition(
  element: Element,
  transition: CommandTransition | undefined,
  ms: number | undefined,
  options: TransitionOptions,
): void {
  const duration = durationOf(transition, ms);
  if (!transition || duration === 0) {
    options.finish?.();
    return;
  }
  const [during, start, end] = transition;
  const classList = classListOf(element);
  const added = [...during, ...start, ...end].filter((name) => !classList.contains(name));
  classList.remove(...end);
  classList.add(...during, ...start);
  // Forces the browser to compute the styles at the start.
  element.getBoundingClientRect();
  const timer = setTimeout(() => {
    cancel();
    options.finish?.();
  }, duration);
  const all = running.get(element) ?? new Set();
  const cancel = (): void => {
    clearTimeout(timer);
    all.delete(current);
    classList.remove(...added);
  };
  const current: Running = { ...options, cancel };
  running.set(element, all.add(current));
  nextFrame(() => {
    if (!all.has(current)) return;
    classList.remove(...start);
    classList.add(...end);
  });
}

/** Calls a function in the next frame. Tabs in the background have no frames, so there it is called by a timer. */
function nextFrame(run: () => void): void {
  if (document.hidden) setTimeout(run);
  else requestAnimationFrame(run);
}
