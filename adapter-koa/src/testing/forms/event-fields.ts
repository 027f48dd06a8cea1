/** Converts a value to fields of a form. Objects and lists are named as in forms: `user[name]`, `tags[]`. */
function toFields(name: string, value: unknown): [name: string, value: string][] {
  if (!isNested(value)) return [[name, String(value ?? "")]];
  return Object.entries(value).flatMap(([key, each]) => {
    // Objects in a list need their index to keep their fields together.
    const hasPlainItems = Array.isArray(value) && !isNested(each);
    return toFields(`${name}[${hasPlainItems ? "" : key}]`, each);
  });
}

const isNested = (value: unknown): value is object => typeof value === "object" && value !== null;

/** Returns the name of the field that marks another one as unused: `user[_unused_email]` for `user[email]`. */
export const unusedName = (name: string): string =>
  name.replace(/([^[\]]+)(\]?(?:\[\])?)$/, "_unused_$1$2");

/** Sets fields of a form. Each value replaces the fields of the same name. */
export function setFields(
  params: URLSearchParams,
  values: Readonly<Record<string, unknown>>,
): void {
  const fields = Object.entries(values).flatMap(([name, value]) => toFields(name, value));
  for (const [name] of fields) params.delete(name);
  for (const [name, value] of fields) params.append(name, value);
}
