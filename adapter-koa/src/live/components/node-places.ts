import type { WireNode, WireValue } from "@live-session/components/protocol";
import { walk } from "./component-paths.js";

/** Remembers which nodes of a tree belong to an owner, so that they can be found in a copy of the tree. */
export class NodePlaces<Owner> {
  /** The owners by the number of their node, in the order in which `walk` visits them. */
  readonly #owners = new Map<number, Owner>();

  /** @param ownerOf returns the owner of a node; `undefined` for most nodes */
  constructor(tree: WireValue, ownerOf: (node: WireNode) => Owner | undefined) {
    let number = 0;
    walk(tree, (node) => {
      const owner = ownerOf(node);
      if (owner) this.#owners.set(number, owner);
      number++;
    });
  }

  /** Calls a function for each owner with its node in a copy of the tree. */
  find(copy: WireValue, found: (owner: Owner, node: WireNode) => void): void {
    let number = 0;
    walk(copy, (node) => {
      const owner = this.#owners.get(number);
      if (owner) found(owner, node);
      number++;
    });
  }
}
