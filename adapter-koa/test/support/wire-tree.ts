import type { WireValue } from "@live-session/components/protocol";
import { TreeBuilder } from "../../src/render/tree-builder.js";

/** Returns the wire form of a render's result. By default no row of the previous tree is reused. */
export function toWireTree(rendered: unknown, previous?: WireValue, mayReuse = false): WireValue {
  return new TreeBuilder(() => mayReuse).child(rendered, previous);
}
