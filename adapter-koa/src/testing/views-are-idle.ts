/**
 * Whether all views of a page are joined, wait for no answer to what their elements told, and are not on the way
 * elsewhere. What scripts push by themselves is not seen. For tests in a browser, which run it there: it uses
 * nothing from outside.
 *
 * @example
 * await page.waitForFunction(viewsAreIdle); // Playwright, Puppeteer
 */
export function viewsAreIdle(): boolean {
  const views: NodeListOf<LiveSession> = document.querySelectorAll("live-session");
  const marked = [...document.querySelectorAll("[class*=-loading]")];
  // No function has a name here: compilers would add calls of theirs, which the page does not know.
  return (
    views.length > 0 &&
    [...views].every(({ status, view }) => status === "connected" && !view?.loading.waits) &&
    !marked.some(({ classList }) => [...classList].some((name) => /^live-.+-loading$/.test(name)))
  );
}

/** What the client's element has. */
interface LiveSession extends Element {
  readonly status?: string;
  readonly view?: { readonly loading: { readonly waits: number } } | undefined;
}
