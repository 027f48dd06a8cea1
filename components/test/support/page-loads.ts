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

/** Writes down the page loads from now on, and stops them: they would end the tests. */
export function stopPageLoads(): readonly PageLoad[] {
  loads.length = 0;
  navigation.addEventListener("navigate", stop);
  return loads;
}

/** Lets pages load again. */
export function allowPageLoads(): void {
  navigation.removeEventListener("navigate", stop);
}

/**
 * How many entries without a page load were added to the history since page loads were stopped first. The
 * history's own length ends at 50, for all files of tests together.
 */
export const entriesAdded = (): number => entries;
