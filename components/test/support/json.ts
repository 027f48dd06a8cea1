import fc, { type Arbitrary } from "fast-check";

/** A JSON value. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Generates JSON values as they are after decoding: without `-0` and without the keys that decoding drops. */
export const json = (maxDepth = 3): Arbitrary<Json> =>
  fc
    .jsonValue({ maxDepth })
    .map((value) => JSON.stringify(value))
    .filter((text) => !text.includes('"__proto__"'))
    .map((text) => JSON.parse(text) as Json);
