import { LiveError, type LiveErrorCode, quote } from "../live-error.js";

/** A list of names of assigns. */
export type AssignNames<Assigns> = readonly (keyof Assigns & string)[];

/** Which names a list may contain, and the error for another one. */
export interface AssignNameRules {
  readonly code: LiveErrorCode;
  readonly expected: string;
  readonly isRefused: (name: string) => boolean;
}

/**
 * Checks a list of names of assigns.
 *
 * @param where the option or method that received the list
 * @throws LiveError with the code of the rules
 */
export function assertAssignNames(
  names: unknown,
  where: string,
  { code, expected, isRefused }: AssignNameRules,
): asserts names is readonly string[] {
  const list: readonly unknown[] = Array.isArray(names) ? names : [names];
  const wrong = list.find((name) => typeof name !== "string" || isRefused(name));
  if (Array.isArray(names) && wrong === undefined && !list.includes(undefined)) return;
  throw new LiveError(code, `name of an assign in ${where} is invalid`, {
    expected,
    gotText: quote(wrong),
  });
}
