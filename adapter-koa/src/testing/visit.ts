import type { TestedApp } from "./browser/app-server.js";
import { Tab, type VisitOptions } from "./browser/tab.js";
import { Page } from "./page/page.js";

/**
 * Visits a page of a Koa app in this process, without a browser or a network. Follows redirects and lists them in
 * `page.redirects`.
 *
 * The request goes through the app: its middleware, the disconnected mount, and after `page.connect()` the handshake, the
 * join and the channel.
 *
 * @example
 * const page = await visit(app, "/users/settings", { cookies });
 * await page.connect();
 * await page.element("button", "Increment").click();
 * assert.ok(page.hasElement("strong", "1"));
 *
 * @throws AssertionError (as rejection) with the app's error as its cause, when the app answers 500 or above
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
