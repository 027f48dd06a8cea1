import { elementsOf } from "./edits.js";
import type { FormControl } from "./form-control.js";

const used = new WeakSet<object>();

/** Marks fields as used: the user has changed them, or has sent their form. */
export function markUsed(fields: Iterable<object>): void {
  for (const field of fields) used.add(field);
}

/** Marks fields as not used, because their form is reset. */
export function unmarkUsed(fields: Iterable<object>): void {
  for (const field of fields) used.delete(field);
}

/** Options of {@link serializeForm}. */
export interface SerializeOptions {
  /** The button that sends the form. */
  readonly submitter?: HTMLElement | null | undefined;
  /** The field that has changed, sent as `_target`. */
  readonly target?: FormControl | undefined;
  /** Serializes only this field. */
  readonly only?: FormControl | undefined;
  /** Further values. They replace fields of the same name. */
  readonly values?: Readonly<Record<string, unknown>>;
}

/**
 * Serializes a form as a URL-encoded string, without files. As in LiveView, an empty `_unused_` field precedes each
 * field that the user has not used yet: `user[_unused_email]` for `user[email]`.
 */
export function serializeForm(form: HTMLFormElement, options: SerializeOptions = {}): string {
  const { target, values = {} } = options;
  const params = new URLSearchParams(fieldsOf(form, options));
  if (target?.name) {
    // `FormData` of a form has no entry for the button that reset it.
    if (target.type === "reset") params.append(target.name, target.value ?? "");
    params.append("_target", target.name);
  }
  const further = Object.entries(values).flatMap(([name, value]) => entriesOf(name, value));
  for (const [name] of further) params.delete(name);
  for (const [name, value] of further) params.append(name, value);
  return params.toString();
}

/** Returns the data of a form. Like a submitter, a button that has dispatched `change` is part of it, at its place. */
function dataOf(
  form: HTMLFormElement,
  submitter: HTMLElement | null | undefined,
  target: FormControl | undefined,
): FormData {
  if (target?.localName !== "button" || target.type === "reset")
    return new FormData(form, submitter);
  const type = target.getAttribute("type");
  target.setAttribute("type", "submit");
  try {
    return new FormData(form, target);
  } finally {
    if (type === null) target.removeAttribute("type");
    else target.setAttribute("type", type);
  }
}

/** Lists the fields of a form, with the marks of unused ones. */
function fieldsOf(
  form: HTMLFormElement,
  { submitter, target, only }: SerializeOptions,
): [name: string, value: string][] {
  const controls = elementsOf(form);
  const isUsed = (name: string): boolean => {
    if (submitter?.getAttribute("name") === name) return true;
    const sameName = controls.filter((control) => control.name === name);
    return (
      sameName.some((control) => used.has(control)) ||
      sameName.every(({ type }) => type === "hidden")
    );
  };
  const fields: [string, string][] = [];
  for (const [name, value] of dataOf(form, submitter, target)) {
    if (typeof value !== "string" || (only && only.name !== name)) continue;
    if (!isUsed(name)) fields.push([unusedName(name), ""]);
    fields.push([name, value]);
  }
  return fields;
}

/** Converts a value to fields. Objects and lists are named as in forms: `user[name]`, `tags[]`. */
function entriesOf(name: string, value: unknown): [name: string, value: string][] {
  if (!isNested(value)) return [[name, String(value ?? "")]];
  return Object.entries(value).flatMap(([key, each]) => {
    // Objects in a list need their index to keep their fields together.
    const hasPlainItems = Array.isArray(value) && !isNested(each);
    return entriesOf(`${name}[${hasPlainItems ? "" : key}]`, each);
  });
}

const isNested = (value: unknown): value is object => typeof value === "object" && value !== null;

const unusedName = (name: string): string =>
  name.replace(/([^[\]]+)(\]?(?:\[\])?)$/, "_unused_$1$2");
