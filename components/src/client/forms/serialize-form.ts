import type { FormControl } from "./form-control.js";

const used = new WeakSet<object>();

/** Notes that the user has changed fields, or sent the form they are in. */
export function markUsed(fields: Iterable<object>): void {
  for (const field of fields) used.add(field);
}

/** Forgets that, of a form that is reset. */
export function unmarkUsed(fields: Iterable<object>): void {
  for (const field of fields) used.delete(field);
}

/** How a form is written out. */
export interface SerializeOptions {
  /** The button that sends it. */
  readonly submitter?: HTMLElement | null | undefined;
  /** The field that changed, told as `_target`. */
  readonly target?: FormControl | undefined;
  /** Just this field. */
  readonly only?: FormControl | undefined;
  /** Further values, in the place of fields of the same name. */
  readonly values?: Readonly<Record<string, unknown>>;
}

/**
 * Writes out a form as URL-encoded text, without files. As in LiveView a field that the user has not used
 * yet is announced by an empty `_unused_` field, `user[_unused_email]` for `user[email]`.
 */
export function serializeForm(form: HTMLFormElement, options: SerializeOptions = {}): string {
  const { submitter, target, only, values = {} } = options;
  const fields = [...form.elements] as FormControl[];
  const params = new URLSearchParams();
  for (const [name, value] of new FormData(form, submitter)) {
    if (typeof value !== "string" || (only && only.name !== name)) continue;
    const sameName = fields.filter((field) => field.name === name);
    const isUsed =
      sameName.some((field) => used.has(field)) || sameName.every(({ type }) => type === "hidden");
    if (!isUsed && submitter?.getAttribute("name") !== name) params.append(unused(name), "");
    params.append(name, value);
  }
  const { name, type, value = "" } = target ?? {};
  // No form contains the button that reset it.
  if (name && type === "reset") params.append(name, value);
  if (name) params.append("_target", name);
  const further = Object.entries(values).flatMap(([name, value]) => entriesOf(name, value));
  for (const [name] of further) params.delete(name);
  for (const [name, value] of further) params.append(name, value);
  return params.toString();
}

/** Writes a value as fields, as forms name what is in an object or a list: `user[name]`, `tags[]`. */
function entriesOf(name: string, value: unknown): [name: string, value: string][] {
  if (!isNested(value)) return [[name, String(value ?? "")]];
  return Object.entries(value).flatMap(([key, each]) =>
    entriesOf(`${name}[${Array.isArray(value) && !isNested(each) ? "" : key}]`, each),
  );
}

const isNested = (value: unknown): value is object => typeof value === "object" && value !== null;

const unused = (name: string): string => name.replace(/([^[\]]+)(\]?(?:\[\])?)$/, "_unused_$1$2");
