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
function change(
  value: unknown,
  [key = "", ...below]: string[],
  operation: LocalOperation,
): unknown {
  const { op, path } = operation;
  const isHere = below.length === 0;
  const isAdded = isHere && op === "add";
  const isRemoved = isHere && op === "remove";
  if (typeof value !== "object" || value === null || (isRemoved && path === ""))
    throw badPatch(path);
  const next = (old: unknown): unknown =>
    isHere ? (operation as { value?: unknown }).value : change(old, below, operation);
  if (Array.isArray(value)) {
    const index = isAdded && key === "-" ? value.length : Number(key);
    if (!(index in value || (isAdded && index === value.length))) throw badPatch(path);
    const items = [...value];
    items.splice(index, isAdded ? 0 : 1, ...(isRemoved ? [] : [next(value[index])]));
    return items;
  }
  if (!isAdded && !Object.hasOwn(value, key)) throw badPatch(path);
  const { [key]: old, ...others } = value as Members;
  // Uses a computed key in a literal, because an assignment to `__proto__` would change the prototype.
  return isRemoved ? others : { ...value, [key]: next(old) };
}
