/**
 * The position of a value in a template: as a child, in an attribute, or between attributes (`element`).
 * `raw` is a position that the HTML parser treats as text or drops, such as a comment or a `<template>`;
 * `moved` is one that it moves elsewhere, so that values are no longer in the order of the template.
 */
export type BindingKind =
  | "child"
  | "attribute"
  | "boolean"
  | "property"
  | "event"
  | "element"
  | "raw"
  | "moved";

/** The place of one value in a template. */
export interface Binding {
  readonly kind: BindingKind;
  /** The name of the attribute, property or event as written in the template. */
  readonly name: string;
  /** For an attribute or a property whose value is a URL that a browser can run as script. */
  readonly url?: UrlBinding;
}

/** An attribute or a property whose value is a URL. */
export interface UrlBinding {
  readonly tagName: string;
  /** The fixed parts around its values. */
  readonly strings: readonly string[];
  /** The position of its first value in the template. */
  readonly index: number;
}
