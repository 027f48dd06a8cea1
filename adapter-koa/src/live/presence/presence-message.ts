import type { RosterEntry } from "./roster.js";

/** An entry on the wire: ref, topic, key, time, version, meta. */
export type WireEntry = readonly [
  ref: string,
  topic: string,
  key: string,
  at: number,
  version: number,
  meta: unknown,
];

/** A message between the processes that share a presence. `node` is the process that sends it. */
export type PresenceMessage = { readonly v: typeof version; readonly node: string } & (
  | {
      /** New, changed and removed entries of the sender. `from` and `clock` count its changes. */
      readonly type: "changes";
      readonly from: number;
      readonly clock: number;
      readonly set: readonly WireEntry[];
      readonly removed: readonly string[];
    }
  /** The sender has entries and runs. */
  | { readonly type: "heartbeat"; readonly clock: number }
  /** Asks one process, or all with `null`, for its entries. */
  | { readonly type: "request"; readonly of: string | null }
  /** All entries of the sender, in parts. */
  | {
      readonly type: "state";
      readonly clock: number;
      readonly part: number;
      readonly parts: number;
      readonly entries: readonly WireEntry[];
    }
  /** The sender ends. */
  | { readonly type: "end" }
);

/** The version of the messages. Others are ignored: processes of two versions do not see each other's entries. */
export const version = 1;

/** Returns a received message; `undefined` if another version has sent it. */
export function toPresenceMessage(message: unknown): PresenceMessage | undefined {
  const { v, node } = Object(message) as { v?: unknown; node?: unknown };
  return v === version && typeof node === "string" ? (message as PresenceMessage) : undefined;
}

/** Encodes an entry for other processes. */
export const toWire = ({ ref, topic, key, at, version, meta }: RosterEntry): WireEntry => [
  ref,
  topic,
  key,
  at,
  version,
  meta,
];

/** Decodes an entry of another process. */
export const fromWire = ([ref, topic, key, at, version, meta]: WireEntry): RosterEntry => ({
  ref,
  topic,
  key,
  at,
  version,
  meta,
});
