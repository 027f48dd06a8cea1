import type { CommandTarget, CommandTransition } from "@live-session/components/protocol";
import { LiveError, quote } from "../live-error.js";

/** Which elements a command is for: a selector in the page, or one from the bound element inwards or upwards. */
export type JsTarget = CommandTarget;

/**
 * The classes of a transition, each text one or more: those that stay for all of it, or these, those that it
 * starts with, and those that it ends with.
 */
export type JsTransition = string | readonly [during: string, start: string, end: string];

/** An error about an argument of a command. */
export function refuseCommand(
  command: string,
  argument: string,
  expected: string,
  got: unknown,
): LiveError {
  return new LiveError("LIVE_ERR_COMMAND", `js.${command} got a wrong ${argument}`, {
    expected,
    got,
  });
}

/** Refuses options that a command does not know. */
export function checkOptions(command: string, options: unknown, known: readonly string[]): void {
  const expected = `an object with ${known.join(", ")}`;
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw refuseCommand(command, "options argument", expected, options);
  }
  const unknown = Object.keys(options).find((key) => !known.includes(key));
  if (unknown !== undefined)
    throw refuseCommand(command, `option ${quote(unknown)}`, expected, options);
}

/** A target as it travels. */
export function checkTarget(command: string, to: JsTarget | undefined): JsTarget | undefined {
  if (to === undefined || isText(to)) return to;
  if (typeof to === "object" && to !== null) {
    const entries: [string, unknown][] = Object.entries(to);
    const [[scope, selector] = []] = entries;
    if (entries.length === 1 && (scope === "inner" || scope === "closest") && isText(selector))
      return to;
  }
  throw refuseCommand(
    command,
    "target",
    "a selector, { inner: selector } or { closest: selector }",
    to,
  );
}

/** A time as it travels. */
export function checkTime(command: string, time: number | undefined): number | undefined {
  if (time === undefined || (Number.isFinite(time) && time >= 0)) return time;
  throw refuseCommand(command, "time", "milliseconds, 0 or more", time);
}

/** The classes of a transition as they travel. */
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
  const expected = "a text of classes, or three: during, at the start, at the end";
  throw refuseCommand(command, "transition", expected, transition);
}

/** Class names as they travel. */
export function checkClasses(command: string, names: string): readonly string[] {
  const classes = typeof names === "string" ? toClasses(names) : [];
  if (classes.length === 0)
    throw refuseCommand(command, "name", "one or more class names in a text", names);
  return classes;
}

/** Refuses a name that is no text, or empty. */
export function checkName(command: string, argument: string, name: unknown): void {
  if (!isText(name)) throw refuseCommand(command, argument, "a text that is not empty", name);
}

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";

const toClasses = (names: string): string[] => names.split(/\s+/).filter(Boolean);
