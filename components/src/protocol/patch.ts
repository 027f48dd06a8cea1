import { ProtocolError } from "./message.js";

/** The JSON Patch (RFC 6902) operations that a server sends for provided data. */
export type PatchOperation =
  | { readonly op: "add" | "replace"; readonly path: string; readonly value: unknown }
  | { readonly op: "remove"; readonly path: string }
  | { readonly op: "move"; readonly from: string; readonly path: string };

type Container = unknown[] | Record<string, unknown>;

const badPatch = (path: string): ProtocolError =>
  new ProtocolError("LIVE_ERR_BAD_PATCH", `a patch names a place that the data does not have: "${path}"`);

/** One key of a document as a segment of a JSON Pointer (RFC 6901). */
export const escapePointer = (key: string): string => key.replaceAll("~", "~0").replaceAll("/", "~1");

const segmentsOf = (path: string): string[] =>
  path
    .split("/")
    .slice(1)
    .map((segment) => segment.replaceAll("~1", "/").replaceAll("~0", "~"));

/**
 * Applies JSON Patch operations in order. The given document is left as it was, and what no operation
 * touches keeps its reference, so `===` tells what changed.
 *
 * @throws ProtocolError `LIVE_ERR_BAD_PATCH` when a path is not in the document.
 */
export function applyPatch<T>(document: T, operations: readonly PatchOperation[]): T {
  let root: unknown = document;
  for (const operation of operations) {
    if (operation.op === "move") {
      const value = valueAt(root, operation.from);
      root = change(root, operation.from, { op: "remove", path: operation.from });
      root = change(root, operation.path, { op: "add", path: operation.path, value });
    } else {
      root = change(root, operation.path, operation);
    }
  }
  return root as T;
}

function valueAt(root: unknown, path: string): unknown {
  let value = root;
  for (const segment of segmentsOf(path)) {
    if (!has(value, segment)) throw badPatch(path);
    value = (value as Record<string, unknown>)[segment];
  }
  return value;
}

function has(value: unknown, segment: string): boolean {
  return typeof value === "object" && value !== null && Object.hasOwn(value, segment);
}

type LocalOperation = Exclude<PatchOperation, { op: "move" }>;

function change(root: unknown, path: string, operation: LocalOperation): unknown {
  const segments = segmentsOf(path);
  if (segments.length === 0) {
    if (operation.op === "remove") throw badPatch(path);
    return operation.value;
  }
  return descend(root, segments, 0, operation);
}

function descend(value: unknown, segments: string[], depth: number, operation: LocalOperation): Container {
  if (typeof value !== "object" || value === null) throw badPatch(operation.path);
  const copy: Container = Array.isArray(value) ? value.slice() : { ...value };
  const segment = segments[depth] as string;
  if (depth < segments.length - 1) {
    if (!has(value, segment)) throw badPatch(operation.path);
    const record = copy as Record<string, unknown>;
    record[segment] = descend(record[segment], segments, depth + 1, operation);
  } else if (Array.isArray(copy)) {
    changeItem(copy, segment, operation);
  } else {
    changeMember(copy, segment, operation);
  }
  return copy;
}

function changeItem(items: unknown[], segment: string, operation: LocalOperation): void {
  const index = segment === "-" ? items.length : Number(segment);
  const last = operation.op === "add" ? items.length : items.length - 1;
  if (!Number.isInteger(index) || index < 0 || index > last) throw badPatch(operation.path);
  if (operation.op === "remove") items.splice(index, 1);
  else if (operation.op === "add") items.splice(index, 0, operation.value);
  else items[index] = operation.value;
}

function changeMember(members: Record<string, unknown>, key: string, operation: LocalOperation): void {
  if (operation.op !== "add" && !Object.hasOwn(members, key)) throw badPatch(operation.path);
  if (operation.op === "remove") delete members[key];
  else members[key] = operation.value;
}
