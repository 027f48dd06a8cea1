import { ProtocolError } from "./message.js";

/** The JSON Patch (RFC 6902) operations that a server sends for provided data. */
export type PatchOperation =
  | { readonly op: "add" | "replace"; readonly path: string; readonly value: unknown }
  | { readonly op: "remove"; readonly path: string }
  | { readonly op: "move"; readonly from: string; readonly path: string };

type Members = Record<string, unknown>;

const badPatch = (path: string): ProtocolError =>
  new ProtocolError("LIVE_ERR_BAD_PATCH", `no such place in the data: "${path}"`);

/** Escapes a key as a segment of a JSON Pointer (RFC 6901). */
export const escapePointer = (key: string): string =>
  key.replaceAll("~", "~0").replaceAll("/", "~1");

/**
 * Applies JSON Patch operations in order and returns the new document. It does not change the given document. Unchanged
 * parts keep their references, so `===` detects changes.
 *
 * @throws ProtocolError `LIVE_ERR_BAD_PATCH` when the document does not have a path.
 */
export function applyPatch<T>(document: T, operations: readonly PatchOperation[]): T {
  // Contains the root, so that the root is a member like any other.
  const top: Members = { "": document };
  // A copy of a list for each of its operations would take quadratic time.
  const copies = new Set<unknown>();
  for (const operation of operations) {
    if (operation.op === "move") {
      const { from, path } = operation;
      const value = change(top, copies, { op: "remove", path: from });
      change(top, copies, { op: "add", path, value });
    } else {
      change(top, copies, operation);
    }
  }
  return top[""] as T;
}

type LocalOperation = Exclude<PatchOperation, { op: "move" }>;

/**
 * Applies an operation below `top`. Copies the lists and objects on its path, unless they are copies already.
 *
 * @returns the value that the place had before
 */
function change(top: Members, copies: Set<unknown>, operation: LocalOperation): unknown {
  const { op, path } = operation;
  // The first key is that of the root.
  const keys = path.split("/").map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
  const last = keys.pop() as string;
  let node = top;
  for (const key of keys) {
    const old = Object.hasOwn(node, key) ? node[key] : undefined;
    if (typeof old !== "object" || old === null) throw badPatch(path);
    const copy = copies.has(old) ? old : Array.isArray(old) ? [...old] : { ...old };
    copies.add(copy);
    node[key] = copy;
    node = copy as Members;
  }
  const isAdded = op === "add";
  if (Array.isArray(node)) {
    const index = isAdded && last === "-" ? node.length : Number(last);
    if (!(index in node || (isAdded && index === node.length))) throw badPatch(path);
    const added = op === "remove" ? [] : [operation.value];
    return node.splice(index, isAdded ? 0 : 1, ...added)[0];
  }
  if (!(isAdded || Object.hasOwn(node, last)) || (op === "remove" && node === top))
    throw badPatch(path);
  const old = node[last];
  if (op === "remove") delete node[last];
  else {
    const { value } = operation;
    // An assignment to `__proto__` would change the prototype.
    const property = { value, writable: true, enumerable: true, configurable: true };
    Object.defineProperty(node, last, property);
  }
  return old;
}
