import type { DirectiveName, WireDirective, WireValue } from "@live-session/components/protocol";
import type { DirectiveClass } from "lit/directive.js";
import { getDirectiveClass } from "lit/directive-helpers.js";
import { classMap } from "lit/directives/class-map.js";
import { keyed } from "lit/directives/keyed.js";
import { live } from "lit/directives/live.js";
import { styleMap } from "lit/directives/style-map.js";
import { unsafeHTML } from "lit/directives/unsafe-html.js";
import type { TreeBuilder } from "./tree.js";

const names = new Map<DirectiveClass | undefined, DirectiveName>([
  [getDirectiveClass(classMap({})), "classMap"],
  [getDirectiveClass(styleMap({})), "styleMap"],
  [getDirectiveClass(unsafeHTML("")), "unsafeHTML"],
  [getDirectiveClass(live("")), "live"],
  [getDirectiveClass(keyed("", "")), "keyed"],
]);

/**
 * The wire form of a directive.
 *
 * @throws LiveError `LIVE_ERR_TEMPLATE` when the browser does not know it (`ref`, `until`, …)
 */
export function toWireDirective(
  builder: TreeBuilder,
  directive: object,
  previous: WireDirective | undefined,
): WireDirective {
  const directiveClass = getDirectiveClass(directive);
  const name = names.get(directiveClass);
  if (!name) {
    throw builder.refuse(
      `the directive ${directiveClass?.name ?? "(unknown)"}`,
      `one of repeat, ${[...names.values()].join(", ")}`,
    );
  }
  const before = previous?.x === name ? previous.v : undefined;
  const { values } = directive as unknown as { values: unknown[] };
  return { x: name, v: values.map((value, i) => toArgument(builder, name, value, i, before?.[i])) };
}

function toArgument(
  builder: TreeBuilder,
  name: DirectiveName,
  value: unknown,
  index: number,
  previous: WireValue | undefined,
): WireValue {
  const isData = typeof value === "object" && value !== null && !(name === "keyed" && index === 1);
  return isData ? builder.data(value, previous) : builder.child(value, previous);
}
