import { keepState } from "./input-keeper.js";

/** Moves a node below its parent so that it keeps its state, such as scroll positions and open dialogs. */
export function moveNode(parent: Node & ParentNode, node: Node, before: Node | null): void {
  if ("moveBefore" in parent) {
    parent.moveBefore(node, before);
    return;
  }
  const restore = keepState(node);
  (parent as Node).insertBefore(node, before);
  restore?.();
}
