import { resetClock } from "./clock.js";
import { closePages } from "./live-page.js";

/** A page load that the page has started. */
export interface PageLoad {
  readonly url: string;
  readonly type: "push" | "replace" | "reload" | "traverse";
}

interface NavigateEvent extends Event {
  readonly destination: { readonly url: string; readonly sameDocument: boolean };
  readonly navigationType: PageLoad["type"];
}

const loads: PageLoad[] = [];
let entries = 0;

const stop = (e: Event): void => {
  const { destination, navigationType } = e as NavigateEvent;
  if (destination.sameDocument) {
    if (navigationType === "push") entries++;
    return;
  }
  e.preventDefault();
  loads.push({ url: destination.url, type: navigationType });
};

const { navigation } = window as unknown as { navigation: EventTarget };

/**
 * Returns how many history entries without a page load have been added so far. `history.length` is not usable: its
 * maximum of 50 applies to all test files together.
 */
export const entriesAdded = (): number => entries;

/**
 * Records the page loads of each test and prevents them, because they would end the tests. A test starts with an empty
 * storage; after it the pages are closed, and clock, `Math.random` and storage are reset.
 *
 * @returns the page loads of the current test
 */
export function stopPageLoadsOfTests(): readonly PageLoad[] {
  const { random } = Math;
  beforeEach(() => {
    sessionStorage.clear();
    loads.length = 0;
    navigation.addEventListener("navigate", stop);
  });
  afterEach(async () => {
    resetClock();
    await closePages();
    navigation.removeEventListener("navigate", stop);
    Math.random = random;
    sessionStorage.clear();
  });
  return loads;
}
