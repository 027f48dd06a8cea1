import type { DirectiveName, WireDirective, WireValue } from "@live-session/components/protocol";
import type { DirectiveClass } from "lit/directive.js";
import { getDirectiveClass } from "lit/directive-helpers.js";
import { classMap } from "lit/directives/class-map.js";
import { keyed } from "lit/directives/keyed.js";
import { live } from "lit/directives/live.js";
import { ref } from "lit/directives/ref.js";
import { repeat } from "lit/directives/repeat.js";
import { styleMap } from "lit/directives/style-map.js";
import { unsafeHTML } from "lit/directives/unsafe-html.js";
import { until } from "lit/directives/until.js";
import type { Binding } from "./binding.js";
import type { WireBuilder } from "./wire-builder.js";

/** The supported directives by class. Their class names cannot be used, because a minifier changes them. */
const names = new Map<DirectiveClass | undefined, DirectiveName>([
  [getDirectiveClass(classMap({})), "classMap"],
  [getDirectiveClass(styleMap({})), "styleMap"],
  [getDirectiveClass(unsafeHTML("")), "unsafeHTML"],
  [getDirectiveClass(live("")), "live"],
  [getDirectiveClass(keyed("", "")), "keyed"],
]);
/** Directives that are not supported, for the error message. */
const unsupportedNames = new Map<DirectiveClass | undefined, string>([
  [getDirectiveClass(ref()), "ref"],
  [getDirectiveClass(until()), "until"],
  [getDirectiveClass(repeat([], () => "")), "repeat"],
]);

/**
 * Returns the wire form of a directive.
 *
 * @throws LiveError `LIVE_ERR_TEMPLATE` when the client does not support the directive (`ref`, `until`, …) or Lit does not
 *   allow it at this binding
 */
export function toWireDirective(
  builder: WireBuilder,
  binding: Binding,
  directive: object,
  previous: WireDirective | undefined,
): WireDirective {
  const directiveClass = getDirectiveClass(directive);
  const name = names.get(directiveClass);
  if (!name || !isAllowed(name, binding)) {
    throw builder.refuse(
      `the directive ${name ?? unsupportedNames.get(directiveClass) ?? "of an unknown name"}`,
      'classMap at "class", styleMap at "style", live at an attribute or property; elsewhere repeat, keyed or unsafeHTML',
    );
  }
  const before = previous?.x === name ? previous.v : undefined;
  const { values } = directive as unknown as { values: unknown[] };
  return { x: name, v: values.map((value, i) => toArgument(builder, name, value, i, before?.[i])) };
}

/** Applies Lit's rules, because Lit checks them only when it renders. */
function isAllowed(directive: DirectiveName, { kind, name }: Binding): boolean {
  switch (directive) {
    case "classMap":
      return kind === "attribute" && name === "class";
    case "styleMap":
      return kind === "attribute" && name === "style";
    case "live":
      return kind === "attribute" || kind === "property" || kind === "boolean";
    case "keyed":
    case "unsafeHTML":
      return kind === "child";
  }
}

function toArgument(
  builder: WireBuilder,
  name: DirectiveName,
  value: unknown,
  index: number,
  previous: WireValue | undefined,
): WireValue {
  const isData = typeof value === "object" && value !== null && !(name === "keyed" && index === 1);
  return isData ? builder.data(value, previous) : builder.child(value, previous);
}
