import { nanoid } from "nanoid";
import { firstNonJson } from "../json.js";
import { LiveError, type LiveErrorDetails, quote } from "../live-error.js";
import { LocalPubSub, type PubSub } from "../runtime/pub-sub.js";
import { freezeMessage } from "../socket/broadcast-message.js";
import type { MessageSource, Tracker, Tracking } from "../socket/tracker.js";
import { PresenceLink } from "./presence-link.js";
import { Replica } from "./replica.js";
import { type PresenceList, Roster, type RosterEntry } from "./roster.js";

/** Options of {@link createPresence}. */
export interface CreatePresenceOptions {
  /** Connects the processes; usually the PubSub of `createLive`. By default, only this process is tracked. */
  readonly pubSub?: PubSub;
  /** Distinguishes several presences of one PubSub; `"presence"` by default. It is the topic of their messages. */
  readonly name?: string;
  /**
   * Milliseconds between the heartbeats of a process that has entries; 2,000 by default. The entries of a process that was
   * killed disappear after at most five heartbeats of another process.
   */
  readonly heartbeat?: number;
  /**
   * Receives the first error of each outage of the PubSub, and the errors of subscribers. By default they become warnings of
   * the process.
   */
  readonly onError?: (error: Error) => void;
}

/** The message that a change of a topic sends to its subscribers. */
export interface PresenceChange<Meta = unknown> {
  readonly type: "presence";
  /** The name of the presence. */
  readonly presence: string;
  readonly topic: string;
  /** The metas that have been added, by key. */
  readonly joins: PresenceList<Meta>;
  /** The metas that have been removed, by key. A changed meta is in both lists. */
  readonly leaves: PresenceList<Meta>;
}

/** For how long changes are collected before they are sent, in milliseconds. */
const batchMs = 50;
const optionNames = ["pubSub", "name", "heartbeat", "onError"];

/** The presence of views in all processes; made by {@link createPresence}. */
export class Presence<Meta> implements Tracker<Meta> {
  readonly name: string;
  readonly #report: (error: unknown) => void;
  readonly #node = nanoid();
  readonly #roster = new Roster();
  readonly #replica: Replica;
  readonly #link: PresenceLink;
  readonly #subscribers = new LocalPubSub();
  readonly #beats: NodeJS.Timeout;
  #flushTimer: NodeJS.Timeout | undefined;
  #tracked = 0;
  #isClosed = false;

  /** @param options checked by {@link createPresence} */
  constructor({ pubSub, name, heartbeat, onError }: Required<CreatePresenceOptions>) {
    this.name = name;
    this.#report = (error) => onError(toError(error));
    this.#link = new PresenceLink(pubSub, name, {
      connected: () => this.#replica.start(),
      receive: (message) => this.#replica.receive(message),
      failed: this.#report,
    });
    this.#replica = new Replica(this.#node, this.#roster, {
      send: (message) => this.#link.send(message),
      changed: () => this.#flushSoon(),
    });
    this.#link.connect();
    this.#beats = setInterval(() => this.#beat(), heartbeat).unref();
  }

  /**
   * Adds a meta to a key of a topic. Views use `socket.track`, which ends with the view.
   *
   * @throws LiveError `LIVE_ERR_PAYLOAD` when the topic or the key is not a string, or the meta is not JSON
   */
  track(topic: string, key: string, meta: Meta): Tracking<Meta> {
    this.#check(topic, key, meta);
    const ref = `${this.#node}:${this.#tracked++}`;
    let entry: RosterEntry | undefined = { ref, topic, key, at: Date.now(), version: 1, meta };
    if (!this.#isClosed) this.#replica.set(entry);
    return {
      update: (next) => {
        if (!entry || this.#isClosed) return;
        this.#check(topic, key, next);
        entry = { ...entry, version: entry.version + 1, meta: next };
        this.#replica.set(entry);
      },
      end: () => {
        if (entry && !this.#isClosed) this.#replica.remove(ref);
        entry = undefined;
      },
    };
  }

  /**
   * Returns the keys that are present under a topic in any process, in the order in which they came. The list is the same
   * object until the topic changes.
   */
  list(topic: string): PresenceList<Meta> {
    return this.#roster.list(topic) as PresenceList<Meta>;
  }

  /** The topics under which a key is present. */
  get topics(): readonly string[] {
    return this.#roster.topics;
  }

  /** Returns the metas of a key; an empty list if it is not present. */
  metas(topic: string, key: string): readonly Meta[] {
    return this.list(topic).find((entry) => entry.key === key)?.metas ?? [];
  }

  /**
   * Returns the joins and leaves of a topic, for `socket.subscribe`. The changes of 50 ms are one message, a
   * {@link PresenceChange}.
   */
  changes(topic: string): MessageSource {
    return { topic, subscribe: (subscriber) => this.#subscribers.subscribe(topic, subscriber) };
  }

  /** Returns a message if it is a change of this presence, otherwise `undefined`. */
  changeIn(message: unknown): PresenceChange<Meta> | undefined {
    const { type, presence } = Object(message) as Partial<PresenceChange>;
    return type === "presence" && presence === this.name
      ? (message as PresenceChange<Meta>)
      : undefined;
  }

  /** Removes the entries of this process from all processes. Call it when the process ends, after `live.close()`. */
  close(): void {
    if (this.#isClosed) return;
    clearInterval(this.#beats);
    clearTimeout(this.#flushTimer);
    this.#replica.end();
    this.#isClosed = true;
    this.#link.close();
  }

  #check(topic: string, key: string, meta: unknown): void {
    for (const name of [topic, key]) {
      if (typeof name !== "string")
        refuseTrack({ expected: "strings as topic and key", got: name });
    }
    const path = firstNonJson(meta);
    if (path !== undefined) refuseTrack({ expected: `JSON at ${path} of the meta` });
    freezeMessage(meta);
  }

  #beat(): void {
    this.#link.connect();
    this.#replica.beat();
  }

  #flushSoon(): void {
    this.#flushTimer ??= setTimeout(() => this.#flush(), batchMs);
  }

  #flush(): void {
    this.#flushTimer = undefined;
    this.#replica.flush();
    for (const [topic, { joins, leaves }] of this.#roster.takeChanges()) {
      const change = { type: "presence", presence: this.name, topic, joins, leaves };
      freezeMessage(change);
      try {
        this.#subscribers.broadcast(topic, change);
      } catch (error) {
        this.#report(error);
      }
    }
  }
}

const toError = (thrown: unknown): Error =>
  thrown instanceof Error ? thrown : new Error("a presence failed", { cause: thrown });

function warn(error: Error): void {
  process.emitWarning("a presence failed", { detail: String(error.stack) });
}

/**
 * Creates a presence: it shows which views are open, in all processes of the app. `Meta` is what each view says about its
 * user, as JSON.
 *
 * @example
 * const online = createPresence<{ name: string }>({ pubSub });
 * // in a view or hook:
 * socket.track(online, "lobby", user.id, { name: user.name });
 * socket.subscribe(online.changes("lobby"));
 *
 * @throws LiveError `LIVE_ERR_OPTION` naming the option that is wrong
 */
export function createPresence<Meta = Record<never, never>>(
  options: CreatePresenceOptions = {},
): Presence<Meta> {
  const unknown = Object.keys(options).find((option) => !optionNames.includes(option));
  if (unknown !== undefined) refuse(unknown, optionNames.join(", "), quote(unknown));
  const { name = "presence", heartbeat = 2000, onError = warn } = options;
  if (typeof name !== "string" || name === "") refuse("name", "a topic", quote(name));
  if (!Number.isSafeInteger(heartbeat) || heartbeat <= 0)
    refuse("heartbeat", "a whole number of milliseconds above 0", quote(heartbeat));
  return new Presence({ pubSub: options.pubSub ?? new LocalPubSub(), name, heartbeat, onError });
}

function refuseTrack(details: LiveErrorDetails): never {
  throw new LiveError("LIVE_ERR_PAYLOAD", "arguments of track are invalid", details);
}

function refuse(option: string, expected: string, gotText: string): never {
  const message = `the option "${option}" of createPresence is invalid`;
  throw new LiveError("LIVE_ERR_OPTION", message, { expected, gotText });
}
