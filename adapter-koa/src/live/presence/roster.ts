import { freezeMessage } from "../socket/broadcast-message.js";

/** A key that is present, with one meta for each of its views, the oldest first. */
export interface PresenceEntry<Meta = unknown> {
  readonly key: string;
  readonly metas: readonly Meta[];
}

/** The keys that are present under a topic, in the order in which they came. */
export type PresenceList<Meta = unknown> = readonly PresenceEntry<Meta>[];

/** The presence of one view. */
export interface RosterEntry {
  /** Identifies the entry in all processes. */
  readonly ref: string;
  readonly topic: string;
  readonly key: string;
  /** When it was added, in milliseconds since 1970 by the clock of its process. */
  readonly at: number;
  /** Counts the changes of its meta. */
  readonly version: number;
  readonly meta: unknown;
}

/** The entries that have been added to a topic and removed from it. A changed entry is in both lists. */
export interface RosterChange {
  readonly joins: PresenceList;
  readonly leaves: PresenceList;
}

const noEntries: PresenceList = Object.freeze([]);

/** The entries of all processes, by topic. */
export class Roster {
  readonly #entries = new Map<string, RosterEntry>();
  readonly #topics = new Map<string, Map<string, RosterEntry>>();
  readonly #lists = new Map<string, PresenceList>();
  /** The changed entries, as they were at the last call of {@link takeChanges}. */
  readonly #before = new Map<string, RosterEntry | undefined>();

  /** Adds an entry, or replaces an older version of it. */
  set(entry: RosterEntry): void {
    const known = this.#entries.get(entry.ref);
    if (known && known.version >= entry.version) return;
    this.#entries.set(entry.ref, entry);
    const ofTopic = this.#topics.get(entry.topic) ?? new Map<string, RosterEntry>();
    this.#topics.set(entry.topic, ofTopic.set(entry.ref, entry));
    this.#changed(entry, known);
  }

  /** Removes an entry, if there is one with this ref. */
  remove(ref: string): void {
    const entry = this.#entries.get(ref);
    if (!entry) return;
    this.#entries.delete(ref);
    const ofTopic = this.#topics.get(entry.topic);
    ofTopic?.delete(ref);
    if (ofTopic?.size === 0) this.#topics.delete(entry.topic);
    this.#changed(entry, entry);
  }

  /** Returns the entries of a topic by key: the same object until the topic changes. */
  list(topic: string): PresenceList {
    const entries = this.#topics.get(topic);
    if (!entries) return noEntries;
    const list = this.#lists.get(topic) ?? byKey(entries.values());
    this.#lists.set(topic, list);
    return list;
  }

  /** The topics that have entries. */
  get topics(): readonly string[] {
    return [...this.#topics.keys()];
  }

  /** Whether entries have changed since the last call of {@link takeChanges}. */
  get hasChanges(): boolean {
    return this.#before.size > 0;
  }

  /** Returns the changes since the last call, by topic. An entry that came and went in between is not part of them. */
  takeChanges(): ReadonlyMap<string, RosterChange> {
    const joins: RosterEntry[] = [];
    const leaves: RosterEntry[] = [];
    for (const [ref, before] of this.#before) {
      const now = this.#entries.get(ref);
      if (now === before) continue;
      if (now) joins.push(now);
      if (before) leaves.push(before);
    }
    this.#before.clear();
    const [joined, left] = [byTopic(joins), byTopic(leaves)];
    const topics = [...new Set([...joined.keys(), ...left.keys()])];
    const changeOf = (topic: string): RosterChange => ({
      joins: byKey(joined.get(topic) ?? []),
      leaves: byKey(left.get(topic) ?? []),
    });
    return new Map(topics.map((topic) => [topic, changeOf(topic)]));
  }

  #changed({ ref, topic }: RosterEntry, before: RosterEntry | undefined): void {
    this.#lists.delete(topic);
    if (!this.#before.has(ref)) this.#before.set(ref, before);
  }
}

/** Groups entries by key. All processes use the same order, so that their lists are equal. */
function byKey(entries: Iterable<RosterEntry>): PresenceList {
  const inOrder = [...entries].sort((a, b) => a.at - b.at || (a.ref < b.ref ? -1 : 1));
  const metas = new Map<string, unknown[]>();
  for (const { key, meta } of inOrder) {
    const ofKey = metas.get(key);
    if (ofKey) ofKey.push(meta);
    else metas.set(key, [meta]);
  }
  const list = Array.from(metas, ([key, metas]) => ({ key, metas }));
  freezeMessage(list);
  return list;
}

function byTopic(entries: readonly RosterEntry[]): Map<string, RosterEntry[]> {
  const topics = new Map<string, RosterEntry[]>();
  for (const entry of entries) {
    const ofTopic = topics.get(entry.topic);
    if (ofTopic) ofTopic.push(entry);
    else topics.set(entry.topic, [entry]);
  }
  return topics;
}
