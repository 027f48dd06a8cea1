/**
 * A rendered value on the wire. Strings, numbers, booleans and `null` are sent as they are. Every structure is an object
 * that only the server's encoder creates, so user data can never be mistaken for a structure.
 */
export type WireValue = string | number | boolean | null | WireNode;

/** A wire value that is not a primitive: an object that only the server's encoder creates. */
export type WireNode =
  | WireTemplate
  | WireList
  | WireKeyedList
  | WireNothing
  | WireData
  | WireDirective;

/** A template: the key of its strings ({@link Templates}) and its values, one for each `${}`. */
export interface WireTemplate {
  readonly t: string;
  readonly v: readonly WireValue[];
}

/** An array or another iterable. */
export interface WireList {
  readonly l: readonly WireValue[];
}

/** The result of `repeat`: one key for each item; no key occurs twice. */
export interface WireKeyedList {
  readonly k: readonly WireKey[];
  readonly l: readonly WireValue[];
}

/** Lit's `nothing`. */
export interface WireNothing {
  readonly n: 1;
}

/** JSON data for a property binding (`.items=${…}`). */
export interface WireData {
  readonly j: unknown;
}

/** A directive that the browser implements, with its arguments. */
export interface WireDirective {
  readonly x: DirectiveName;
  readonly v: readonly WireValue[];
}

/** The key of an item of a keyed list. */
export type WireKey = string | number;

/** The names of the directives that a server template can contain. */
export type DirectiveName = "classMap" | "styleMap" | "unsafeHTML" | "live" | "keyed";

/** The static strings of a template. SVG and MathML fragments are marked, because Lit parses them differently. */
export type TemplateStrings =
  | readonly string[]
  | { readonly svg: readonly string[] }
  | { readonly mathml: readonly string[] };

/** Template strings by key. The server sends each key at most once per connection. */
export type Templates = Readonly<Record<string, TemplateStrings>>;

const isNode = (value: WireValue): value is WireNode => typeof value === "object" && value !== null;

/** Checks whether a wire value is a template. */
export const isWireTemplate = (value: WireValue): value is WireTemplate =>
  isNode(value) && "t" in value;

/** Checks whether a wire value is a keyed list. */
export const isWireKeyedList = (value: WireValue): value is WireKeyedList =>
  isNode(value) && "k" in value;

/** Checks whether a wire value is a list without keys. */
export const isWireList = (value: WireValue): value is WireList =>
  isNode(value) && "l" in value && !("k" in value);

/** Checks whether a wire value is Lit's `nothing`. */
export const isWireNothing = (value: WireValue): value is WireNothing =>
  isNode(value) && "n" in value;

/** Checks whether a wire value is data for a property. */
export const isWireData = (value: WireValue): value is WireData => isNode(value) && "j" in value;

/** Checks whether a wire value is a directive. */
export const isWireDirective = (value: WireValue): value is WireDirective =>
  isNode(value) && "x" in value;
