import { escapePointer, type PatchOperation } from "@live-session/components/protocol";

type Members = Readonly<Record<string, unknown>>;

/**
 * The JSON Patch operations that turn one JSON value into another. Lists whose items all carry a
 * distinct `id` are matched by it, so that an item that moves or goes costs one operation.
 */
export function createPatch(old: unknown, next: unknown): PatchOperation[] {
  const operations: PatchOperation[] = [];
  compare(old, next, "", operations);
  return operations;
}

const isMembers = (value: unknown): value is Members => typeof value === "object" && value !== null;

function compare(old: unknown, next: unknown, path: string, operations: PatchOperation[]): void {
  if (Object.is(old, next)) return;
  if (Array.isArray(old) && Array.isArray(next)) compareLists(old, next, path, operations);
  else if (isMembers(old) && isMembers(next) && !Array.isArray(old) && !Array.isArray(next)) {
    compareMembers(old, next, path, operations);
  } else operations.push({ op: "replace", path, value: next });
}

/** Whether JSON shows the member: what an object inherits does not count, nor does `undefined`. */
const has = (members: Members, key: string): boolean =>
  Object.hasOwn(members, key) && members[key] !== undefined;

function compareMembers(
  old: Members,
  next: Members,
  path: string,
  operations: PatchOperation[],
): void {
  for (const key of Object.keys(old)) {
    if (old[key] !== undefined && !has(next, key)) {
      operations.push({ op: "remove", path: `${path}/${escapePointer(key)}` });
    }
  }
  for (const key of Object.keys(next)) {
    if (next[key] === undefined) continue;
    const below = `${path}/${escapePointer(key)}`;
    if (has(old, key)) compare(old[key], next[key], below, operations);
    else operations.push({ op: "add", path: below, value: next[key] });
  }
}

function compareLists(
  old: readonly unknown[],
  next: readonly unknown[],
  path: string,
  operations: PatchOperation[],
): void {
  const oldIds = idsOf(old);
  const nextIds = idsOf(next);
  if (oldIds && nextIds) {
    compareById(old, oldIds, next, nextIds, path, operations);
    return;
  }
  const shared = Math.min(old.length, next.length);
  for (let i = 0; i < shared; i++) compare(old[i], next[i], `${path}/${i}`, operations);
  for (let i = old.length - 1; i >= shared; i--)
    operations.push({ op: "remove", path: `${path}/${i}` });
  for (let i = shared; i < next.length; i++) {
    operations.push({ op: "add", path: `${path}/-`, value: next[i] });
  }
}

/** The items' ids in order, or `undefined` unless each item has one of its own. */
function idsOf(items: readonly unknown[]): unknown[] | undefined {
  const ids: unknown[] = [];
  for (const item of items) {
    const id = isMembers(item) ? item.id : undefined;
    if (typeof id !== "string" && typeof id !== "number") return undefined;
    ids.push(id);
  }
  return new Set(ids).size === ids.length ? ids : undefined;
}

function compareById(
  old: readonly unknown[],
  oldIds: readonly unknown[],
  next: readonly unknown[],
  nextIds: readonly unknown[],
  path: string,
  operations: PatchOperation[],
): void {
  const kept = new Set(nextIds);
  const items = old.map((item, i) => ({ id: oldIds[i], item }));
  for (let i = items.length - 1; i >= 0; i--) {
    if (kept.has(items[i]?.id)) continue;
    items.splice(i, 1);
    operations.push({ op: "remove", path: `${path}/${i}` });
  }
  for (let i = 0; i < next.length; i++) {
    if (items[i]?.id !== nextIds[i]) {
      const from = items.findIndex(({ id }, position) => position > i && id === nextIds[i]);
      if (from === -1) {
        items.splice(i, 0, { id: nextIds[i], item: next[i] });
        operations.push({ op: "add", path: `${path}/${i}`, value: next[i] });
        continue;
      }
      items.splice(i, 0, ...items.splice(from, 1));
      operations.push({ op: "move", from: `${path}/${from}`, path: `${path}/${i}` });
    }
    compare(items[i]?.item, next[i], `${path}/${i}`, operations);
  }
}
