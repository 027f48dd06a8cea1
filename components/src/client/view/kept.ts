import type { KeptState } from "../../protocol/index.js";
import { currentViewNumber } from "../navigation/history-entries.js";

const storageKey = (): string => `live-session:kept:${currentViewNumber()}`;

/** Removes and returns the kept assigns that have been stored for the current entry of the history. */
export function takeStored(): string | undefined {
  try {
    const sealed: string | undefined = sessionStorage[storageKey()];
    // If the view crashes with them, the next load starts without them.
    delete sessionStorage[storageKey()];
    return sealed;
  } catch {
    return undefined; // The browser blocks storage.
  }
}

/** Returns the sealed values of kept assigns. Stores them if they survive a reload of the page. */
export function keep(state: KeptState | undefined): string | undefined {
  try {
    if (state?.reload) sessionStorage[storageKey()] = state.sealed;
  } catch {
    // The browser blocks storage, or it is full.
  }
  return state?.sealed;
}
