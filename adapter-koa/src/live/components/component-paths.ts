import type { WireDirective, WireNode, WireValue } from "@live-session/components/protocol";
import { moveSource } from "../../render/keyed-list.js";

/** The positions that lead from the root of a tree to a node, as in the paths of a diff. */
export type Path = readonly number[];

type Children = readonly WireValue[];

const childrenOf = (node: WireNode): Children | undefined =>
  "l" in node ? node.l : "v" in node ? node.v : undefined;

/** Copies a node with other children. Lists the properties, because V8 is slow with objects that a spread has created. */
function withChildren(node: WireNode, children: Children): WireNode {
  if ("k" in node) return { k: node.k, l: children };
  if ("l" in node) return { l: children };
  if ("t" in node) return { t: node.t, v: children };
  return { x: (node as WireDirective).x, v: children };
}

/** Calls a function for each node of a tree, with its path, which the function must copy. */
export function walk(
  value: WireValue,
  visit: (node: WireNode, path: Path) => void,
  path: number[] = [],
): void {
  if (typeof value !== "object" || value === null) return;
  visit(value, path);
  const children = childrenOf(value);
  if (!children) return;
  for (let i = 0; i < children.length; i++) {
    const child = children[i] as WireValue;
    if (typeof child !== "object" || child === null) continue;
    path.push(i);
    walk(child, visit, path);
    path.pop();
  }
}

/**
 * Returns a tree with another node at a path. The nodes above it are copied, all others are shared.
 *
 * @param copied is called with each copied node, its copy, and the position of the child that is replaced
 */
export function replaceAt(
  value: WireValue,
  path: Path,
  node: WireNode,
  copied: (from: WireNode, to: WireNode, position: number) => void,
  depth = 0,
): WireNode {
  if (depth === path.length) return node;
  const from = value as WireNode;
  const children = [...(childrenOf(from) as Children)];
  const position = path[depth] as number;
  children[position] = replaceAt(children[position] as WireValue, path, node, copied, depth + 1);
  const to = withChildren(from, children);
  moveSource(from, to);
  copied(from, to, position);
  return to;
}
