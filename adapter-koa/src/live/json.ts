import { describe, toPrintedKey } from "./live-error.js";

/** The type of a value after JSON serialization: a `Date` becomes a string, functions are omitted. */
export type Jsonified<Value> = Value extends { toJSON(): infer Json }
  ? Jsonified<Json>
  : Value extends string | number | boolean | null
    ? Value
    : Value extends (...given: never) => unknown
      ? never
      : Value extends readonly unknown[]
        ? { readonly [Index in keyof Value]: Jsonified<Value[Index]> }
        : Value extends object
          ? {
              readonly [Key in keyof Value as Value[Key] extends
                | ((...given: never) => unknown)
                | symbol
                ? never
                : Key]: Jsonified<Value[Key]>;
            }
          : Value;

/** Returns the path of the first value that JSON cannot represent, with its kind, or `undefined` if there is none. */
export function firstNonJson(value: unknown, path = ""): string | undefined {
  return toPath(findNonJson(value, []), path);
}

/**
 * Like {@link firstNonJson}, but accepts objects with a method `toJSON`, such as dates, and checks the result of the
 * method.
 */
export function firstUnserializable(value: unknown): string | undefined {
  return toPath(findNonJson(value, [], true), "");
}

function toPath(found: NonJson | undefined, path: string): string | undefined {
  if (!found) return undefined;
  const keys = found.keys.reverse().map(toPrintedKey);
  return `${[...(path === "" ? [] : [path]), ...keys].join(".") || "the top"}${found.what}`;
}

/** A value that JSON cannot represent: the keys of its path, innermost first, and its kind for the error message. */
interface NonJson {
  readonly keys: string[];
  readonly what: string;
}

function findNonJson(value: unknown, within: object[], convert = false): NonJson | undefined {
  if (value === null || typeof value === "string" || typeof value === "boolean") return undefined;
  if (typeof value === "number") return Number.isFinite(value) ? undefined : { keys: [], what: "" };
  if (typeof value !== "object" || within.includes(value)) return { keys: [], what: "" };
  if (convert && "toJSON" in value && typeof value.toJSON === "function") {
    within.push(value); // toJSON may return the object itself
    const found = findNonJson(value.toJSON(), within, convert);
    within.pop();
    return found;
  }
  if ("_$litType$" in value) return { keys: [], what: " (a template)" };
  if (!Array.isArray(value) && !isPlainObject(value)) {
    return { keys: [], what: ` (${describe(value)})` };
  }
  within.push(value);
  const found = findInMembers(value, within, convert);
  within.pop();
  return found;
}

function findInMembers(value: object, within: object[], convert: boolean): NonJson | undefined {
  for (const key of Object.keys(value)) {
    const member = (value as Record<string, unknown>)[key];
    const found = member === undefined ? undefined : findNonJson(member, within, convert);
    if (!found) continue;
    found.keys.push(key);
    return found;
  }
  return undefined;
}

function isPlainObject(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
