import { ProtocolError } from "./message.js";

/** The JSON Patch (RFC 6902) operations that a server sends for provided data. */
export type PatchOperation =
  | { readonly op: "add" | "replace"; readonly path: string; readonly value: unknown }
  | { readonly op: "remove"; readonly path: string }
  | { readonly op: "move"; readonly from: string; readonly path: string };

type Members = Readonly<Record<string, unknown>>;

const badPatch = (path: string): ProtocolError =>
  new ProtocolError("LIVE_ERR_BAD_PATCH", `no such place in the data: "${path}"`);

/** Escapes a key as a segment of a JSON Pointer (RFC 6901). */
export const escapePointer = (key: string): string =>
  key.replaceAll("~", "~0").replaceAll("/", "~1");

/** Returns the keys of a path. The first one is the key of the root in {@link applyPatch}'s `top`. */
const keysOf = (path: string): string[] =>
  path.split("/").map((segment) => segment.replaceAll("~1", "/").replaceAll("~0", "~"));

/**
 * Applies JSON Patch operations in order and returns the new document. It does not change the given document. Unchanged
 * parts keep their references, so `===` detects changes.
 *
 * @throws ProtocolError `LIVE_ERR_BAD_PATCH` when the document does not have a path.
 */
export function applyPatch<T>(document: T, operations: readonly PatchOperation[]): T {
  // Contains the root, so that the root is a member like any other.
  let top: unknown = { "": document };
  for (const operation of operations) {
    if (operation.op === "move") {
      const { from, path } = operation;
      const value = keysOf(from).reduce((node, key) => (node as Members | null)?.[key], top);
      top = change(top, keysOf(from), { op: "remove", path: from });
      top = change(top, keysOf(path), { op: "add", path, value });
    } else {
      top = change(top, keysOf(operation.path), operation);
    }
  }
  return (top as { "": T })[""];
}

type LocalOperation = Exclude<PatchOperation, { op: "move" }>;

/** Returns a copy of a value with the operation applied at the path that the keys form. */
function change(value: unknown, keys: string[], operation: LocalOperation): unknown {
  const { op, path } = operation;
  if (typeof value !== "object" || value === null || (op === "remove" && path === "")) {
    throw badPatch(path);
  }
  return Array.isArray(value)
    ? changeItem(value, keys, operation)
    : changeMember(value as Members, keys, operation);
}

function changeItem(
  array: readonly unknown[],
  [key = "", ...below]: string[],
  operation: LocalOperation,
): unknown[] {
  const isAdded = below.length === 0 && operation.op === "add";
  const index = isAdded && key === "-" ? array.length : Number(key);
  if (!(index in array || (isAdded && index === array.length))) throw badPatch(operation.path);
  const items = [...array];
  const isRemoved = below.length === 0 && operation.op === "remove";
  const replacement = isRemoved ? [] : [valueBelow(array[index], below, operation)];
  items.splice(index, isAdded ? 0 : 1, ...replacement);
  return items;
}

function changeMember(
  object: Members,
  [key = "", ...below]: string[],
  operation: LocalOperation,
): Members {
  const isAdded = below.length === 0 && operation.op === "add";
  if (!isAdded && !Object.hasOwn(object, key)) throw badPatch(operation.path);
  const { [key]: old, ...others } = object;
  if (below.length === 0 && operation.op === "remove") return others;
  // Uses a computed key in a literal, because an assignment to `__proto__` would change the prototype.
  return { ...object, [key]: valueBelow(old, below, operation) };
}

/** Returns the operation's value at the end of the path, otherwise the changed old value. */
function valueBelow(old: unknown, below: string[], operation: LocalOperation): unknown {
  if (below.length > 0) return change(old, below, operation);
  return operation.op === "remove" ? undefined : operation.value;
}
