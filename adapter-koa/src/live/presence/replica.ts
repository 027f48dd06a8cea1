import { Peer } from "./peer.js";
import {
  type PresenceMessage,
  toPresenceMessage,
  toWire,
  version,
  type WireEntry,
} from "./presence-message.js";
import type { Roster, RosterEntry } from "./roster.js";

/** How many heartbeats of a process may be missing before its entries are removed. */
const maxSilence = 4;
/** How many entries one message contains. */
const maxEntries = 500;

/** The operations that a replica needs from its presence. */
export interface ReplicaHost {
  /** Sends a message to the other processes. */
  send(message: PresenceMessage): void;
  /** Is called after a change. The replica must be flushed soon. */
  changed(): void;
}

/**
 * Keeps the entries of all processes in a roster. Each process changes only its own entries and numbers these changes. A
 * process that misses a change requests all entries of the process that made it, and a new process those of all others.
 */
export class Replica {
  readonly #node: string;
  readonly #roster: Roster;
  readonly #host: ReplicaHost;
  readonly #peers = new Map<string, Peer>();
  readonly #own = new Map<string, RosterEntry>();
  /** The changed entries of this process, as they were when they were last sent. */
  readonly #before = new Map<string, RosterEntry | undefined>();
  #clock = 0;
  #isStateRequested = false;

  /** @param node identifies this process; no other process may ever have used it */
  constructor(node: string, roster: Roster, host: ReplicaHost) {
    this.#node = node;
    this.#roster = roster;
    this.#host = host;
  }

  /** Adds or changes an entry of this process. */
  set(entry: RosterEntry): void {
    this.#change(entry.ref);
    this.#own.set(entry.ref, entry);
    this.#roster.set(entry);
  }

  /** Removes an entry of this process. */
  remove(ref: string): void {
    this.#change(ref);
    this.#own.delete(ref);
    this.#roster.remove(ref);
  }

  /** Requests the entries of all other processes. */
  start(): void {
    this.#send({ type: "request", of: null });
  }

  /** Handles a message of another process, and ignores its own. */
  receive(received: unknown): void {
    const message = toPresenceMessage(received);
    if (!message || message.node === this.#node) return;
    if (message.type === "request") this.#requested(message.of);
    else if (message.type === "end") this.#drop(message.node);
    else this.#apply(message);
    if (this.#roster.hasChanges) this.#host.changed();
  }

  /** Sends the changes since the last call, and the entries that another process has requested. */
  flush(): void {
    const set: WireEntry[] = [];
    const removed: string[] = [];
    for (const [ref, before] of this.#before) {
      const now = this.#own.get(ref);
      if (now && now !== before) set.push(toWire(now));
      else if (!now && before) removed.push(ref);
    }
    this.#before.clear();
    while (set.length > 0 || removed.length > 0) {
      const from = this.#clock++;
      const part = { set: set.splice(0, maxEntries), removed: removed.splice(0, maxEntries) };
      this.#send({ type: "changes", from, clock: this.#clock, ...part });
    }
    if (this.#isStateRequested) this.#sendState();
  }

  /**
   * Announces that this process runs, and removes the entries of processes that have been silent for too long. The silence
   * is counted in calls: after this process has been suspended, the messages of the others are read before the next call.
   */
  beat(): void {
    if (this.#own.size > 0) this.#send({ type: "heartbeat", clock: this.#clock });
    for (const [node, peer] of this.#peers) {
      peer.isAsked = false;
      peer.silence++;
      if (peer.silence > maxSilence) this.#drop(node);
    }
    if (this.#roster.hasChanges) this.#host.changed();
  }

  /** Removes the entries of this process from all processes. */
  end(): void {
    for (const ref of [...this.#own.keys()]) this.remove(ref);
    this.#before.clear();
    this.#send({ type: "end" });
  }

  #apply(message: Counted): void {
    const peer = this.#peers.get(message.node) ?? new Peer(this.#roster);
    this.#peers.set(message.node, peer);
    peer.silence = 0;
    const isComplete = applyTo(peer, message);
    if (isComplete || peer.isAsked) return;
    peer.isAsked = true;
    this.#send({ type: "request", of: message.node });
  }

  #requested(of: string | null): void {
    if (of !== this.#node && (of !== null || this.#own.size === 0)) return;
    this.#isStateRequested = true;
    this.#host.changed();
  }

  #drop(node: string): void {
    this.#peers.get(node)?.drop();
    this.#peers.delete(node);
  }

  #sendState(): void {
    this.#isStateRequested = false;
    const entries = Array.from(this.#own.values(), toWire);
    const parts = Math.max(1, Math.ceil(entries.length / maxEntries));
    for (let part = 0; part < parts; part++) {
      const ofPart = entries.slice(part * maxEntries, (part + 1) * maxEntries);
      this.#send({ type: "state", clock: this.#clock, part, parts, entries: ofPart });
    }
  }

  #change(ref: string): void {
    if (!this.#before.has(ref)) this.#before.set(ref, this.#own.get(ref));
    this.#host.changed();
  }

  #send(message: Sent): void {
    this.#host.send({ v: version, node: this.#node, ...message } as PresenceMessage);
  }
}

/** A message that contains the number of changes of its sender. */
type Counted = Extract<PresenceMessage, { clock: number }>;

/** @returns `false` when earlier changes are missing */
function applyTo(peer: Peer, message: Counted): boolean {
  if (message.type === "heartbeat") return peer.isAt(message.clock);
  if (message.type === "changes") return peer.applyChanges(message);
  peer.applyState(message);
  return true;
}

/** A message without the members that are the same in all messages of a process. */
type Sent = PresenceMessage extends infer Message
  ? Message extends PresenceMessage
    ? Omit<Message, "v" | "node">
    : never
  : never;
