import type { FormControl } from "../form-control.js";

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
  for (const name of Object.keys(values)) params.set(name, String(values[name]));
  return params.toString();
}

const unused = (name: string): string => name.replace(/([^[\]]+)(\]?(?:\[\])?)$/, "_unused_$1$2");
