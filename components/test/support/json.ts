import fc, { type Arbitrary } from "fast-check";

/** A JSON value. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** JSON values as they come off the wire: no `-0`, and the keys that decoding drops are not there. */
export const json = (maxDepth = 3): Arbitrary<Json> =>
  fc
    .jsonValue({ maxDepth })
    .map((value) => JSON.stringify(value))
    .filter((text) => !text.includes('"__proto__"'))
    .map((text) => JSON.parse(text) as Json);
