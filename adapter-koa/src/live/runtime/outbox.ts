import type { SentTemplates } from "../../render/sent-templates.js";
import type { NestedById } from "../nested/nested-views.js";

/** The connection that a channel sends through; the transport implements it. */
export interface Outbox {
  /** @param frame an encoded message */
  send(frame: string): void;
  /** Whether the connection accepts more data. Otherwise nothing is rendered for it. */
  readonly writable: boolean;
  /** Calls the listener once, when the connection accepts more data again. */
  onDrain(listener: () => void): void;
  /** Ends the connection because too much data waits. @param what the waiting data, for the close reason */
  overflow(what: string): void;
  readonly sentTemplates: SentTemplates;
  /** The nested views of the connection; `undefined` until it shows one. */
  nested?: NestedById | undefined;
  /** The size of the frames that were sent while renders or joins were traced, in bytes. */
  readonly sentBytes: number;
}
