import type { CommandTarget, CommandTransition } from "../../protocol/index.js";

/** The arguments of all commands. Which of them a command has is defined by the server's `js`. */
export interface CommandArguments {
  readonly to?: CommandTarget;
  readonly transition?: CommandTransition;
  readonly in?: CommandTransition;
  readonly out?: CommandTransition;
  readonly time?: number;
  readonly display?: string;
  readonly names?: readonly string[];
  readonly name?: string;
  readonly values?: readonly string[];
  readonly event?: string;
  readonly value?: Readonly<Record<string, unknown>>;
  readonly target?: CommandTarget;
  readonly loading?: CommandTarget;
  readonly pageLoading?: boolean;
  readonly detail?: object;
  readonly bubbles?: boolean;
  readonly href?: string;
  readonly replace?: boolean;
  readonly attribute?: string;
}

/** A command of the server's `js`: its name and its arguments. */
export type Command = readonly [name: string, args?: CommandArguments];

/**
 * Parses the value of an attribute that contains commands. A plain word is a command without arguments.
 *
 * @throws SyntaxError if it is not valid JSON
 */
export function parseCommands(text: string): readonly Command[] {
  return text.startsWith("[") ? JSON.parse(text) : [[text]];
}

/** Returns the value of an attribute, even of a form with a field named `getAttribute`. */
export const attributeOf = (element: Element, name: string): string | null =>
  Element.prototype.getAttribute.call(element, name);

/** Returns the classes of an element, even of a form with a field named `classList`. */
export const classListOf = (element: Element): DOMTokenList =>
  Reflect.get(Element.prototype, "classList", element);

/** Finds the elements that a command applies to: by default `source`, the element whose attribute contains it. */
export function findTargets(source: HTMLElement, to: CommandTarget | undefined): HTMLElement[] {
  if (to === undefined) return [source];
  if (typeof to === "string") return Array.from(document.querySelectorAll<HTMLElement>(to));
  if ("inner" in to)
    return Array.from(Element.prototype.querySelectorAll.call(source, to.inner)) as HTMLElement[];
  const closest = Element.prototype.closest.call(source, to.closest) as HTMLElement | null;
  return closest ? [closest] : [];
}
