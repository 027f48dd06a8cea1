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

/** The key under which the last values have been stored. */
let usedKey = "";

/**
 * Returns the sealed values of kept assigns. Stores those of the main view if they survive a reload of the page: there is one
 * place for each entry of the history, which the values of another view would take.
 */
export function keep(state: KeptState | undefined, isMain: boolean): string | undefined {
  try {
    if (isMain && state?.reload) {
      // Those of a view that the user has left, which would fill the storage after many navigations.
      delete sessionStorage[usedKey];
      usedKey = storageKey();
      sessionStorage[usedKey] = state.sealed;
    }
  } catch {
    // The browser blocks storage, or it is full.
  }
  return state?.sealed;
}
