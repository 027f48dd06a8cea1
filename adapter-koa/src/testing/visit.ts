import type { TestedApp } from "./browser/app-server.js";
import { Tab, type VisitOptions } from "./browser/tab.js";
import { Page } from "./page/page.js";

/**
 * Visits a page of a Koa app in process: no browser, no network. Redirects are followed;
 * `page.redirects` tells which.
 *
 * Everything goes through the app itself: its middleware, the disconnected mount, and after
 * `page.connect()` the handshake, the join and the channel.
 *
 * @example
 * const page = await visit(app, "/users/settings", { cookies });
 * await page.connect();
 * await page.element("button", "Increment").click();
 * assert.ok(page.hasElement("strong", "1"));
 *
 * @throws AssertionError (as rejection) with what the app threw, when it answers 500 or above
 */
export async function visit(
  app: TestedApp,
  path: string,
  options: VisitOptions = {},
): Promise<Page> {
  const tab = new Tab(app, options);
  await tab.load(path);
  return new Page(tab);
}
