import qs from "qs";
import { scan } from "secure-json-parse";

/** Decoded params: text, or nested lists and objects of text (`user[email]=…`). */
export interface Params {
  readonly [name: string]: Param | undefined;
}

/** One decoded param. */
export type Param = string | readonly Param[] | Params;

const decoding = {
  depth: 8,
  parameterLimit: 1000,
  arrayLimit: 1000,
  plainObjects: true,
  // As in Plug: a checkbox takes the place of the hidden field before it.
  duplicates: "last",
} as const;

/**
 * Nested params from URL-encoded text, as live events of forms and the queries of live routes are decoded:
 * names with `[]` are lists, and of other names that come twice the last one counts. Beyond its limits deeper
 * or longer input is cut off. Names that lead to prototypes (`__proto__`, `constructor[prototype]`) are left out.
 */
export function parseQuery(text: string): Params {
  const params = qs.parse(text, decoding);
  return scan(params, { protoAction: "remove", constructorAction: "remove" }) as Params;
}
