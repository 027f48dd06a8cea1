import type { WireValue } from "@live-session/components/protocol";
import { TreeBuilder } from "../../src/render/tree-builder.js";

/** The wire form of what a render returned; by default no row is lent by the previous tree. */
export function toWireTree(rendered: unknown, previous?: WireValue, mayReuse = false): WireValue {
  return new TreeBuilder(() => mayReuse).child(rendered, previous);
}
