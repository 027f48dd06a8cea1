import { fromWire, type PresenceMessage, type WireEntry } from "./presence-message.js";
import type { Roster } from "./roster.js";

type Changes = Extract<PresenceMessage, { type: "changes" }>;
type State = Extract<PresenceMessage, { type: "state" }>;

/** Another process, with its entries as far as this process knows them. */
export class Peer {
  /** The heartbeats of this process since the last message of the other one. */
  silence = 0;
  /** Whether the entries have been requested since the last heartbeat. */
  isAsked = false;
  readonly #roster: Roster;
  #refs = new Set<string>();
  /** The number of changes that have been applied. */
  #clock = 0;
  /** The parts of a state that have arrived. */
  #received: { readonly clock: number; parts: number; readonly entries: WireEntry[] } | undefined;

  constructor(roster: Roster) {
    this.#roster = roster;
  }

  /** @returns `false` when earlier changes are missing */
  applyChanges({ from, clock, set, removed }: Changes): boolean {
    if (clock <= this.#clock) return true;
    if (from !== this.#clock) return false;
    this.#clock = clock;
    for (const ref of removed) this.#remove(ref);
    for (const entry of set) this.#set(entry);
    return true;
  }

  /** Whether all changes up to this one have been applied. */
  isAt(clock: number): boolean {
    return clock === this.#clock;
  }

  /** Replaces all entries when the last part of a state has arrived. A state with a missing part is ignored. */
  applyState({ clock, part, parts, entries }: State): void {
    if (clock < this.#clock || (clock === this.#clock && !this.isAsked)) return;
    if (part === 0) this.#received = { clock, parts: 0, entries: [] };
    const received = this.#received;
    if (received?.clock !== clock || received.parts !== part) return;
    received.parts++;
    received.entries.push(...entries);
    if (received.parts < parts) return;
    this.#received = undefined;
    this.#replace(clock, received.entries);
  }

  /** Removes all entries. */
  drop(): void {
    for (const ref of this.#refs) this.#roster.remove(ref);
  }

  #replace(clock: number, entries: readonly WireEntry[]): void {
    this.#clock = clock;
    this.isAsked = false;
    const refs = new Set(entries.map(([ref]) => ref));
    for (const ref of this.#refs) if (!refs.has(ref)) this.#remove(ref);
    for (const entry of entries) this.#set(entry);
  }

  #set(entry: WireEntry): void {
    this.#refs.add(entry[0]);
    this.#roster.set(fromWire(entry));
  }

  #remove(ref: string): void {
    this.#refs.delete(ref);
    this.#roster.remove(ref);
  }
}
