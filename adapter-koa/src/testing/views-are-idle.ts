/**
 * Whether all views of a page are joined and wait for no answer. For tests in a browser, which run it
 * there: it uses nothing from outside.
 *
 * @example
 * await page.waitForFunction(viewsAreIdle); // Playwright, Puppeteer
 */
export function viewsAreIdle(): boolean {
  const views = [...document.querySelectorAll("live-session")];
  const marked = [...document.querySelectorAll("[class*=-loading]")];
  // No function has a name here: compilers would add calls of theirs, which the page does not know.
  return (
    views.length > 0 &&
    views.every((view) => view.getAttribute("status") === "connected") &&
    !marked.some(({ classList }) => [...classList].some((name) => /^live-.+-loading$/.test(name)))
  );
}
