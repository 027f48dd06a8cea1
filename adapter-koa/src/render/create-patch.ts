import { escapePointer, type PatchOperation } from "@live-session/components/protocol";

type Members = Readonly<Record<string, unknown>>;

/**
 * Returns the JSON Patch operations that turn one JSON value into another. If every item of a list has a different `id`,
 * items are matched by it, so an item that moves or disappears costs one operation.
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

/** Returns whether JSON contains the member: inherited members and `undefined` are left out. */
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
  const oldItems = withIds(old);
  const nextItems = withIds(next);
  if (oldItems && nextItems) compareById(oldItems, nextItems, path, operations);
  else compareByPosition(old, next, path, operations);
}

function compareByPosition(
  old: readonly unknown[],
  next: readonly unknown[],
  path: string,
  operations: PatchOperation[],
): void {
  const shared = Math.min(old.length, next.length);
  for (let i = 0; i < shared; i++) compare(old[i], next[i], `${path}/${i}`, operations);
  for (let i = old.length - 1; i >= shared; i--)
    operations.push({ op: "remove", path: `${path}/${i}` });
  for (let i = shared; i < next.length; i++) {
    operations.push({ op: "add", path: `${path}/-`, value: next[i] });
  }
}

/** An item of a list with its id. */
interface Identified {
  readonly id: string | number;
  readonly value: unknown;
}

/** Returns the items with their ids; `undefined` unless each item has an id and all ids differ. */
function withIds(items: readonly unknown[]): Identified[] | undefined {
  const identified: Identified[] = [];
  for (const value of items) {
    const id = isMembers(value) ? value.id : undefined;
    if (typeof id !== "string" && typeof id !== "number") return undefined;
    identified.push({ id, value });
  }
  const ids = new Set(identified.map(({ id }) => id));
  return ids.size === identified.length ? identified : undefined;
}

function compareById(
  old: readonly Identified[],
  next: readonly Identified[],
  path: string,
  operations: PatchOperation[],
): void {
  const items = removeMissing(old, next, path, operations);
  for (const [i, item] of next.entries()) {
    const old = items[i]?.id === item.id ? items[i] : bringTo(i, item, items, path, operations);
    if (old) compare(old.value, item.value, `${path}/${i}`, operations);
  }
}

/** Removes the items that the new list does not have. Returns the remaining ones, which the patch then reorders. */
function removeMissing(
  old: readonly Identified[],
  next: readonly Identified[],
  path: string,
  operations: PatchOperation[],
): Identified[] {
  const nextIds = new Set(next.map(({ id }) => id));
  const items = [...old];
  for (let i = items.length - 1; i >= 0; i--) {
    const item = items[i];
    if (item && nextIds.has(item.id)) continue;
    items.splice(i, 1);
    operations.push({ op: "remove", path: `${path}/${i}` });
  }
  return items;
}

/** Moves an item to a position, or adds it there. Returns the old item if there is one. */
function bringTo(
  position: number,
  item: Identified,
  items: Identified[],
  path: string,
  operations: PatchOperation[],
): Identified | undefined {
  const from = items.findIndex(({ id }, i) => i > position && id === item.id);
  if (from === -1) {
    items.splice(position, 0, item);
    operations.push({ op: "add", path: `${path}/${position}`, value: item.value });
    return undefined;
  }
  items.splice(position, 0, ...items.splice(from, 1));
  operations.push({ op: "move", from: `${path}/${from}`, path: `${path}/${position}` });
  return items[position];
}
