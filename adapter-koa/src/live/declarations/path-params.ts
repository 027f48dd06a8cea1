import type { StandardSchemaV1 } from "@standard-schema/spec";
import { type MaybePromise, then } from "../maybe-promise.js";
import { notFound } from "../not-found.js";
import type { Params } from "../parse-query.js";

/** A character that ends the name of a param in a path pattern. */
type Delimiter = "/" | "-" | "." | "{" | "}" | ":" | "*" | "\\" | "," | ";" | "@" | "~" | "%";

type NameIn<
  Text extends string,
  Name extends string = "",
> = Text extends `${infer Char}${infer Rest}`
  ? Char extends Delimiter
    ? Name
    : NameIn<Rest, `${Name}${Char}`>
  : Name;

type Named<Text extends string> = Text extends `${string}:${infer Rest}`
  ? NameIn<Rest> | Named<Rest>
  : never;

type Wildcards<Text extends string> = Text extends `${string}*${infer Rest}`
  ? NameIn<Rest> | Wildcards<Rest>
  : never;

type RequiredParams<Text extends string> = { readonly [Name in Named<Text>]: string } & {
  readonly [Name in Wildcards<Text>]: readonly string[];
};

/**
 * The params of a path pattern: `{ id: string }` for `/rooms/:id`, a list of strings for a wildcard `*path`. Params in
 * an optional part `{/:page}` are optional.
 */
export type PathParams<Path extends string> =
  Path extends `${infer Before}{${infer Optional}}${infer After}`
    ? RequiredParams<Before> & Partial<RequiredParams<Optional>> & PathParams<After>
    : RequiredParams<Path>;

type RequiredKey<Value> = {
  [Key in keyof Value]-?: Record<never, never> extends Pick<Value, Key> ? never : Key;
}[keyof Value];

/**
 * The params that a path must have for a schema: its required keys. Their types are those after the schema, which reads them from
 * the URL as strings, so only the keys are compared.
 */
export type RequiredParamsOf<Schema extends StandardSchemaV1> = {
  readonly [Key in RequiredKey<StandardSchemaV1.InferInput<Schema>>]: unknown;
};

/**
 * Validates the params of a page with the schema of its view, if it has one.
 *
 * @throws NotFoundError (or as rejection) when the schema refuses them
 */
export function checkParams(
  schema: StandardSchemaV1 | undefined,
  params: Params,
): MaybePromise<Params> {
  if (!schema) return params;
  return then(schema["~standard"].validate(params), (checked) => {
    if (checked.issues) throw notFound();
    return checked.value as Params;
  });
}
