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
