import { escapePointer, type PatchOperation } from "@live-session/components/protocol";
import { reorder } from "./reorder.js";

type Members = Readonly<Record<string, unknown>>;

/**
 * Returns the JSON Patch operations that turn one JSON value into another. If every item of a list has a different
 * `id`, items are matched by it, so an item that moves or disappears costs one operation. If the operations for a list
 * or object would be longer than the value itself, the value is replaced instead.
 */
export function createPatch(old: unknown, next: unknown): PatchOperation[] {
  return compare(old, next, "");
}

const isMembers = (value: unknown): value is Members => typeof value === "object" && value !== null;

function compare(old: unknown, next: unknown, path: string): PatchOperation[] {
  if (Object.is(old, next)) return [];
  if (Array.isArray(old) && Array.isArray(next)) {
    return shorter(compareLists(old, next, path), next, next.length, path);
  }
  if (isMembers(old) && isMembers(next) && !Array.isArray(old) && !Array.isArray(next)) {
    return shorter(compareMembers(old, next, path), next, Object.keys(next).length, path);
  }
  return [{ op: "replace", path, value: next }];
}

/** Returns the operations, or the one that replaces the value if that is shorter. The root is never replaced. */
function shorter(
  operations: PatchOperation[],
  value: unknown,
  size: number,
  path: string,
): PatchOperation[] {
  if (path === "" || operations.length === 0) return operations;
  const { length } = JSON.stringify(operations);
  // The JSON of this many members is longer, each with a comma. Most changes are that small.
  if (length < 2 * size) return operations;
  const replacement: PatchOperation[] = [{ op: "replace", path, value }];
  return JSON.stringify(replacement).length < length ? replacement : operations;
}

/** Returns whether JSON contains the member: inherited members and `undefined` are left out. */
const has = (members: Members, key: string): boolean =>
  Object.hasOwn(members, key) && members[key] !== undefined;

function compareMembers(old: Members, next: Members, path: string): PatchOperation[] {
  const operations: PatchOperation[] = [];
  for (const key of Object.keys(old)) {
    if (old[key] !== undefined && !has(next, key)) {
      operations.push({ op: "remove", path: `${path}/${escapePointer(key)}` });
    }
  }
  for (const key of Object.keys(next)) {
    if (next[key] === undefined) continue;
    const below = `${path}/${escapePointer(key)}`;
    if (!has(old, key)) operations.push({ op: "add", path: below, value: next[key] });
    else for (const operation of compare(old[key], next[key], below)) operations.push(operation);
  }
  return operations;
}

function compareLists(
  old: readonly unknown[],
  next: readonly unknown[],
  path: string,
): PatchOperation[] {
  const oldItems = byId(old);
  const nextItems = byId(next);
  return oldItems && nextItems
    ? compareById(oldItems, nextItems, path)
    : compareByPosition(old, next, path);
}

function compareByPosition(
  old: readonly unknown[],
  next: readonly unknown[],
  path: string,
): PatchOperation[] {
  const operations: PatchOperation[] = [];
  const shared = Math.min(old.length, next.length);
  for (let i = 0; i < shared; i++) {
    for (const operation of compare(old[i], next[i], `${path}/${i}`)) operations.push(operation);
  }
  for (let i = old.length - 1; i >= shared; i--) {
    operations.push({ op: "remove", path: `${path}/${i}` });
  }
  for (let i = shared; i < next.length; i++) {
    operations.push({ op: "add", path: `${path}/-`, value: next[i] });
  }
  return operations;
}

type ItemsById = ReadonlyMap<string | number, unknown>;

/** Returns the items by their ids; `undefined` unless each item has an id and all ids differ. */
function byId(items: readonly unknown[]): ItemsById | undefined {
  const found = new Map<string | number, unknown>();
  for (const value of items) {
    const id = isMembers(value) ? value.id : undefined;
    if (typeof id !== "string" && typeof id !== "number") return undefined;
    found.set(id, value);
  }
  return found.size === items.length ? found : undefined;
}

function compareById(old: ItemsById, next: ItemsById, path: string): PatchOperation[] {
  const nextIds = [...next.keys()];
  const operations = reorder([...old.keys()], nextIds).map((step): PatchOperation => {
    if (step.type === "remove") return { op: "remove", path: `${path}/${step.at}` };
    if (step.type === "add") {
      return { op: "add", path: `${path}/${step.at}`, value: next.get(step.id) };
    }
    return { op: "move", from: `${path}/${step.from}`, path: `${path}/${step.to}` };
  });
  for (const [i, id] of nextIds.entries()) {
    if (!old.has(id)) continue;
    for (const operation of compare(old.get(id), next.get(id), `${path}/${i}`)) {
      operations.push(operation);
    }
  }
  return operations;
}
