import type { Change } from "./changes.js";
import {
  attributeOf,
  type Command,
  type CommandArguments,
  classListOf,
  findTargets,
} from "./command.js";
import { isShown } from "./css-transition.js";

/** Converts commands that can be undone to changes. */
export function toChanges(commands: readonly Command[], source: HTMLElement): Change[] {
  return commands.flatMap(([name, args = {}]) =>
    findTargets(source, args.to).map((element) => toChange(name, args, element)),
  );
}

/**
 * Converts a command that can be undone to its change of one element.
 *
 * @throws Error for all other commands
 */
export function toChange(name: string, args: CommandArguments, element: HTMLElement): Change {
  const convert = Object.hasOwn(conversions, name) ? conversions[name] : undefined;
  if (!convert) throw new Error(`the command "${name}" is unknown or cannot be undone`);
  return { element, ...convert(element, args) };
}

type Conversion = (element: HTMLElement, args: CommandArguments) => Omit<Change, "element">;

const conversions: Readonly<Record<string, Conversion>> = {
  show: (element, args) => (isShown(element) ? {} : { display: displayOf(element, args) }),
  hide: (element) => (isShown(element) ? { display: "none" } : {}),
  toggle: (element, args) => ({ display: isShown(element) ? "none" : displayOf(element, args) }),
  addClass: (_, args) => setClasses(args, () => true),
  removeClass: (_, args) => setClasses(args, () => false),
  toggleClass: (element, args) => setClasses(args, (name) => !classListOf(element).contains(name)),
  setAttribute: (_, args) => setAttribute(args, args.values?.[0] ?? ""),
  removeAttribute: (_, args) => setAttribute(args, null),
  toggleAttribute: (element, args) => setAttribute(args, toggledValue(element, args)),
};

const setClasses = ({ names = [] }: CommandArguments, isSet: (name: string) => boolean) => ({
  classes: Object.fromEntries(names.map((name) => [name, isSet(name)])),
});

const setAttribute = ({ name = "" }: CommandArguments, value: string | null) => ({
  attributes: { [name]: value },
});

/** Returns the other value of an attribute: one of two values, or one value and no attribute. */
function toggledValue(
  element: HTMLElement,
  { name = "", values: [on = "", off] = [] }: CommandArguments,
): string | null {
  if (off !== undefined) return attributeOf(element, name) === on ? off : on;
  return element.hasAttribute(name) ? null : on;
}

const displays: Readonly<Record<string, string>> = {
  tr: "table-row",
  td: "table-cell",
  th: "table-cell",
  li: "list-item",
};

/** Returns the `display` that makes an element visible: by default none, so that its stylesheet applies. */
export function displayOf(element: HTMLElement, { display }: CommandArguments): string {
  if (display !== undefined) return display;
  const { style } = element;
  const old = style.display;
  style.display = "";
  const isHiddenByStylesheet = getComputedStyle(element).display === "none";
  style.display = old;
  return isHiddenByStylesheet ? (displays[element.localName] ?? "block") : "";
}
