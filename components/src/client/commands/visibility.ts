import type { CommandTransition } from "../../protocol/index.js";
import type { LastingChanges } from "./changes.js";
import { type CommandArguments, classListOf } from "./command.js";
import { durationOf, endTransitions, isShown, runTransition } from "./css-transition.js";
import { displayOf } from "./to-change.js";

const changes = ["display"];

/** Shows an element, and dispatches `live-show-start` and `live-show-end`. */
export function show(
  element: HTMLElement,
  args: CommandArguments,
  lasting: LastingChanges,
  transition: CommandTransition | undefined,
): void {
  if (isShown(element)) return;
  endTransitions(element, changes, false);
  element.dispatchEvent(new Event("live-show-start"));
  // The element gets the first classes of its transition before it is visible, so that it does not flash.
  const [during, start] = transition ?? [[], []];
  const early = durationOf(transition, args.time) > 0 ? [...during, ...start] : [];
  const added = early.filter((name) => !classListOf(element).contains(name));
  classListOf(element).add(...added);
  lasting.make({ element, display: displayOf(element, args) });
  classListOf(element).remove(...added);
  const finish = (): void => void element.dispatchEvent(new Event("live-show-end"));
  runTransition(element, transition, args.time, { changes, finish });
}

/** Hides an element, and dispatches `live-hide-start` and `live-hide-end`. */
export function hide(
  element: HTMLElement,
  { time }: CommandArguments,
  lasting: LastingChanges,
  transition: CommandTransition | undefined,
): void {
  if (!isShown(element)) return;
  endTransitions(element, changes, false);
  element.dispatchEvent(new Event("live-hide-start"));
  const finish = (): void => {
    lasting.make({ element, display: "none" });
    element.dispatchEvent(new Event("live-hide-end"));
  };
  runTransition(element, transition, time, { changes, finish, hides: true });
}
