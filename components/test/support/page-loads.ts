import { resetClock } from "./clock.js";
import { closePages } from "./live-page.js";

/** A page load that the page began. */
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
 * How many entries without a page load were added to the history since page loads were stopped first. The
 * history's own length ends at 50, for all files of tests together.
 */
export const entriesAdded = (): number => entries;

/**
 * Writes down the page loads of each test, and stops them: they would end the tests. A test begins with an
 * empty storage; afterwards the pages are closed, and clock, chance and storage are as they were.
 *
 * @returns the page loads of the test that runs
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
