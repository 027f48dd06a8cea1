import qs from "qs";
import { scan } from "secure-json-parse";

/** Decoded params: strings, or nested lists and objects of strings (`user[email]=…`). */
export interface Params {
  readonly [name: string]: Param | undefined;
}

/** One decoded param. */
export type Param = string | readonly Param[] | Params;

const maxFields = 1000;
const decoding = {
  depth: 8,
  parameterLimit: maxFields,
  arrayLimit: 1000,
  plainObjects: true,
  // As in Plug: a checked checkbox replaces the hidden field before it.
  duplicates: "last",
} as const;

/** The highest index for which V8 allocates all elements before it. */
const maxAllocatedIndex = 1024;
/** The maximum number of list elements without a field. A field's index allocates all elements before it. */
const maxGaps = 5000;

/**
 * Decodes URL-encoded text into nested params, as it is done for form events and the queries of live routes. Names
 * with `[]` become lists; of fields with the same name the last one counts. Nesting deeper than 8 levels and more
 * than 1,000 fields are cut off, and so are fields whose list indexes would take much more memory than the fields
 * (`a[999][999]…`). Names that would change a prototype (`__proto__`, `constructor[prototype]`) or how an object is
 * converted (`toString`, `valueOf`) are left out, so that code can treat the result like any other object.
 */
export function parseQuery(text: string): Params {
  const params = qs.parse(withoutSparseFields(text), decoding);
  scan(params, { protoAction: "remove", constructorAction: "remove" });
  return toOrdinary(params) as Params;
}

/** Gives objects the ordinary prototype: qs creates them without one, and `Number({…})` would throw. */
function toOrdinary(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toOrdinary);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => !conversions.has(key));
  return Object.fromEntries(entries.map(([key, member]) => [key, toOrdinary(member)]));
}

const conversions: ReadonlySet<string> = new Set(["toString", "valueOf"]);

/** Removes fields with list indexes that leave large gaps, when the gaps of all fields exceed the limit. */
function withoutSparseFields(text: string): string {
  if (!/(\[|%5B)\d/i.test(text)) return text;
  const lengths = new Map<string, number>();
  let gaps = 0;
  const fields = text.split("&", maxFields + 1).filter((field) => {
    const name = decodeName(field);
    const added = gapsOf(name, lengths);
    if (gaps + added > maxGaps) return false;
    gaps += added;
    for (const [list, index] of listIndexes(name)) {
      lengths.set(list, Math.max(lengths.get(list) ?? 0, index + 1));
    }
    return true;
  });
  return fields.join("&");
}

/** The lists that the name of a field is in, each by the name up to its index, with the index. */
function listIndexes(name: string): [list: string, index: number][] {
  const segments = name.split("[", decoding.depth + 1);
  let list = segments[0] ?? "";
  const indexes: [list: string, index: number][] = [];
  for (const segment of segments.slice(1)) {
    if (/^\d+\]$/.test(segment)) indexes.push([list, Number.parseInt(segment, 10)]);
    list += `[${segment}`;
  }
  return indexes;
}

/** How many elements a field adds to lists besides its own. `lengths` are those of the lists before, by name. */
function gapsOf(name: string, lengths: ReadonlyMap<string, number>): number {
  let gaps = 0;
  for (const [list, index] of listIndexes(name)) {
    if (index <= maxAllocatedIndex) gaps += Math.max(0, index - (lengths.get(list) ?? 0));
  }
  return gaps;
}

function decodeName(field: string): string {
  const [name = ""] = field.split("=", 1);
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
