import type { Page, Route } from "playwright-core";

const changes: Readonly<Record<string, (text: string) => string>> = {
  document: (html) => html.replaceAll(/ (popover|command|closedby)/g, " unknown-$1"),
  stylesheet: (css) => css.replaceAll(":popover-open", ":unknown"),
};

/** Removes popovers and command buttons from a page, as in a browser of 2023. */
export async function withoutPopovers(page: Page): Promise<void> {
  await page.route("**", async (route: Route) => {
    const request = route.request();
    const change = changes[request.resourceType()];
    if (!change || request.method() !== "GET") return route.continue();
    const response = await route.fetch({ maxRedirects: 0 }).catch(() => undefined);
    if (!response) return route.abort(); // The page was left before the response came.
    // The page may have been left meanwhile; its response is gone then.
    const body = await response.text().catch(() => undefined);
    if (body !== undefined) await route.fulfill({ response, body: change(body) }).catch(() => {});
  });
}
