import type { CommandTarget, CommandTransition } from "@live-session/components/protocol";
import { LiveError, quote } from "../live-error.js";

/** The elements of a command: a selector for the page, or for descendants or ancestors of the bound element. */
export type JsTarget = CommandTarget;

/**
 * The classes of a transition: those of its whole duration, or a list of those of its whole duration, those of its
 * start and those of its end. Each string may contain several class names.
 */
export type JsTransition = string | readonly [during: string, start: string, end: string];

/** Creates the error for an invalid argument of a command. */
export function refuseCommand(
  command: string,
  argument: string,
  expected: string,
  got: unknown,
): LiveError {
  return new LiveError("LIVE_ERR_COMMAND", `${argument} of js.${command} is invalid`, {
    expected,
    got,
  });
}

/**
 * Checks the options of a command.
 *
 * @throws LiveError `LIVE_ERR_COMMAND` when `options` has keys that are not options of the command
 */
export function checkOptions(command: string, options: unknown, known: readonly string[]): void {
  const expected = `an object with ${known.join(", ")}`;
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw refuseCommand(command, "options argument", expected, options);
  }
  const unknown = Object.keys(options).find((key) => !known.includes(key));
  if (unknown !== undefined)
    throw refuseCommand(command, `option ${quote(unknown)}`, expected, options);
}

/** Checks a target and returns it in its wire format. */
export function checkTarget(command: string, to: JsTarget | undefined): JsTarget | undefined {
  if (to === undefined || isName(to)) return to;
  if (typeof to === "object" && to !== null) {
    const entries: [string, unknown][] = Object.entries(to);
    const [[scope, selector] = []] = entries;
    if (entries.length === 1 && (scope === "inner" || scope === "closest") && isName(selector))
      return to;
  }
  throw refuseCommand(
    command,
    "target",
    "a selector, { inner: selector } or { closest: selector }",
    to,
  );
}

/** Checks a time and returns it in its wire format. */
export function checkTime(command: string, time: number | undefined): number | undefined {
  if (time === undefined || (Number.isFinite(time) && time >= 0)) return time;
  throw refuseCommand(command, "time", "a number of milliseconds, 0 or more", time);
}

/** Checks a transition and returns its classes in their wire format. */
export function checkTransition(
  command: string,
  transition: JsTransition | undefined,
): CommandTransition | undefined {
  if (transition === undefined) return undefined;
  const parts: readonly unknown[] =
    typeof transition === "string" ? [transition, "", ""] : transition;
  if (Array.isArray(parts) && parts.length === 3) {
    const [during, start, end] = parts;
    if (typeof during === "string" && typeof start === "string" && typeof end === "string") {
      return [toClasses(during), toClasses(start), toClasses(end)];
    }
  }
  const expected = "a string of classes, or a list of three: during, start, end";
  throw refuseCommand(command, "transition", expected, transition);
}

/** Checks class names and returns them in their wire format. */
export function checkClasses(command: string, names: string): readonly string[] {
  const classes = typeof names === "string" ? toClasses(names) : [];
  if (classes.length === 0)
    throw refuseCommand(command, "name", "a string with one or more class names", names);
  return classes;
}

/** Checks a name. @throws LiveError `LIVE_ERR_COMMAND` when `name` is not a non-empty string */
export function checkName(command: string, argument: string, name: unknown): void {
  if (!isName(name)) throw refuseCommand(command, argument, "a non-empty string", name);
}

const isName = (value: unknown): value is string => typeof value === "string" && value !== "";

const toClasses = (names: string): string[] => names.split(/\s+/).filter(Boolean);
