import { html, type TemplateResult } from "lit";
import { isTemplateResult } from "lit/directive-helpers.js";

type Props = Readonly<Record<string, unknown>>;

/**
 * Whether a component shows the same content with new props: all values are the same, apart from functions, which only
 * handlers call. Templates count as the same if their own values are.
 */
export function areSameProps(old: Props, next: Props): boolean {
  const names = Object.keys(next);
  return (
    names.length === Object.keys(old).length &&
    names.every((name) => Object.hasOwn(old, name) && isSame(old[name], next[name]))
  );
}

function isSame(old: unknown, next: unknown): boolean {
  // A layout passes its content as the same directive each time, but the values of the content change.
  if (isDirective(next)) return false;
  if (isTemplate(next)) return isTemplate(old) && isSameTemplate(old, next);
  return Object.is(old, next) || (typeof old === "function" && typeof next === "function");
}

const isSameTemplate = ({ strings, values }: TemplateResult, next: TemplateResult): boolean =>
  strings === next.strings &&
  values.every(
    (value, i) => typeof value !== "function" && isSame(value, (next.values as unknown[])[i]),
  );

/** Wraps directives among the props in templates: a template has an owner, which receives the events of the directive. */
export function wrapDirectives(props: Props): Props {
  if (!Object.values(props).some(isDirective)) return props;
  return Object.fromEntries(
    Object.entries(props).map(([name, value]) => [
      name,
      isDirective(value) ? html`${value}` : value,
    ]),
  );
}

const isDirective = (value: unknown): boolean =>
  typeof value === "object" && value !== null && "_$litDirective$" in value;

/** Returns the functions among the props. */
export const functionsIn = (props: Props): Props =>
  Object.fromEntries(Object.entries(props).filter(([, value]) => typeof value === "function"));

/** Calls a function for each template among the props and in their lists. */
export function forEachTemplate(props: Props, call: (template: TemplateResult) => void): void {
  for (const value of Object.values(props)) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (isTemplate(each)) call(each);
    }
  }
}

const isTemplate = (value: unknown): value is TemplateResult => isTemplateResult(value);
