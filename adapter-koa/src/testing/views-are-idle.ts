/**
 * Returns whether all views of a page are joined, have a reply to each event of their elements, and are not navigating.
 * Events that scripts push are not considered. Tests in a browser run the function in the page, so it refers to nothing
 * outside of itself.
 *
 * @example
 * await page.waitForFunction(viewsAreIdle); // Playwright, Puppeteer
 */
export function viewsAreIdle(): boolean {
  const views: NodeListOf<LiveSession> = document.querySelectorAll("live-session");
  const marked = [...document.querySelectorAll("[class*=-loading]")];
  // The functions have no names: compilers would add helper calls for names, which do not exist in the page.
  return (
    views.length > 0 &&
    [...views].every(({ status, view }) => status === "connected" && !view?.loading.waits) &&
    !marked.some(({ classList }) => [...classList].some((name) => /^live-.+-loading$/.test(name)))
  );
}

/** The `<live-session>` element, as far as it is used here. */
interface LiveSession extends Element {
  readonly status?: string;
  readonly view?: { readonly loading: { readonly waits: number } } | undefined;
}
