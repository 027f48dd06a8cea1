import type { WireData, WireKeyedList, WireValue } from "@live-session/components/protocol";
import type { LiveError } from "../live/live-error.js";
import type { ListOrigin } from "./row-runs.js";

/** Turns the parts of a render into wire values. Directives and lists use it for the values inside them. */
export interface WireBuilder {
  /** Turns a value in child position into its wire form. */
  child(value: unknown, previous: WireValue | undefined): WireValue;
  /** Turns JSON data for a property or a directive into its wire form. */
  data(value: object, previous: WireValue | undefined): WireData;
  /** Creates the error about the value that is being read. */
  refuse(got: string, expected?: string): LiveError;
}

/** A builder that can reuse the rows of a keyed list from the previous tree. */
export interface RowBuilder extends WireBuilder {
  /** Returns whether no assign has changed that the templates have read. */
  mayReuse(): boolean;
  /** Set when the render contains a keyed list. */
  hasKeyedLists: boolean;
  /** Is called for each list that arose from one of the previous tree, so that the diff need not compare them again. */
  setOrigin(list: WireKeyedList, origin: ListOrigin): void;
}
