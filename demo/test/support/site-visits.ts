import assert from "node:assert/strict";
import { after, afterEach, before } from "node:test";
import type {
  Browser,
  BrowserContext,
  BrowserContextOptions,
  Page,
  WebSocket,
} from "playwright-core";
import { createSqliteDatabase, type TestDatabase } from "./database.js";
import { startTestSite, type TestSite } from "./site.js";
import { launchBrowser, newContext, open, openBrowser } from "./site-browser.js";

/** A page, and what it did since it was made. */
export interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  /** The paths of the documents it asked for. */
  readonly documents: string[];
  /** The paths of everything it asked for over HTTP. */
  readonly requests: string[];
  readonly webSockets: WebSocket[];
  /** The frames it sent and received, oldest first, without heartbeats. */
  readonly frames: string[];
  /** Errors of the console, the page and its Content-Security-Policy; a test fails with them. */
  readonly complaints: string[];
}

/** Options of `SiteVisits.visit`. */
export interface VisitOptions extends BrowserContextOptions {
  /** The browser of the page; a new one, with cookies of its own, unless given. */
  readonly context?: BrowserContext;
  /** The browser keeps pages that are left, to show them again as they were. */
  readonly keepsPages?: boolean;
}

/** A site and a Chromium that visits it. */
export class SiteVisits {
  readonly site: TestSite;
  readonly #database: TestDatabase;
  readonly #browser: Browser;
  #keepingBrowser: Browser | undefined;
  readonly #visits: Visit[] = [];
  #errorsTaken = 0;

  static async start(): Promise<SiteVisits> {
    // What can fail comes first: a site that nobody ends would keep the process.
    const browser = await openBrowser();
    const database = await createSqliteDatabase();
    const site = await startTestSite(database.config);
    return new SiteVisits(site, database, browser);
  }

  private constructor(site: TestSite, database: TestDatabase, browser: Browser) {
    this.site = site;
    this.#database = database;
    this.#browser = browser;
  }

  /** An empty page in a browser with cookies of its own. */
  async newVisit({ context: shared, keepsPages, ...options }: VisitOptions = {}): Promise<Visit> {
    const browser = keepsPages ? await this.#startKeepingBrowser() : this.#browser;
    const context = shared ?? (await newContext(browser, this.site.url, options));
    const visit = watch(await context.newPage());
    this.#visits.push(visit);
    return visit;
  }

  /** A page whose view is joined. */
  async visit(path: string, options?: VisitOptions): Promise<Visit> {
    const visit = await this.newVisit(options);
    await open(visit.page, path);
    return visit;
  }

  /** Closes all pages. Nothing may have gone wrong on them, nor on the site. */
  async leave(): Promise<void> {
    const visits = this.#visits.splice(0);
    await Promise.all(
      [...new Set(visits.map(({ context }) => context))].map((context) => context.close()),
    );
    assert.deepEqual([...visits.flatMap(({ complaints }) => complaints), ...this.takeErrors()], []);
  }

  /** What went wrong on the site since the last time. A stylesheet that a page no longer waited for did not. */
  takeErrors(): Error[] {
    const errors = this.site.errors.slice(this.#errorsTaken) as (Error & { code?: string })[];
    this.#errorsTaken = this.site.errors.length;
    return errors.filter(({ code }) => code !== "ERR_STREAM_PREMATURE_CLOSE");
  }

  async end(): Promise<void> {
    await Promise.all([this.#browser.close(), this.#keepingBrowser?.close()]);
    await this.site.stop();
    await this.#database.remove();
  }

  async #startKeepingBrowser(): Promise<Browser> {
    this.#keepingBrowser ??= await launchBrowser({
      ignoreDefaultArgs: ["--disable-back-forward-cache"],
    });
    return this.#keepingBrowser;
  }
}

/**
 * Runs a site and a Chromium for the tests of the suite around. After each test nothing may have gone wrong.
 *
 * @returns the visits, for its tests
 */
export function visitedSite(): () => SiteVisits {
  let visits: SiteVisits;
  before(async () => {
    visits = await SiteVisits.start();
  });
  afterEach(() => visits.leave());
  after(() => visits.end());
  return () => visits;
}

/** Notes what a page does from now on. */
export function watch(page: Page): Visit {
  const visit: Visit = {
    page,
    context: page.context(),
    documents: [],
    requests: [],
    webSockets: [],
    frames: [],
    complaints: [],
  };
  page.on("request", (request) => {
    const path = pathOf(request.url());
    // Chromium asks for the icon whenever the address changes, mostly of its own cache.
    if (path !== "/assets/favicon.svg") visit.requests.push(path);
    if (request.isNavigationRequest()) visit.documents.push(path);
  });
  page.on("websocket", (webSocket) => {
    visit.webSockets.push(webSocket);
    const note = ({ payload }: { payload: string | Buffer }) => {
      if (!/"phoenix"/.test(String(payload))) visit.frames.push(String(payload));
    };
    webSocket.on("framesent", note).on("framereceived", note);
  });
  page.on("console", (message) => {
    // The policy's violations are among them.
    if (["error", "warning"].includes(message.type())) visit.complaints.push(message.text());
  });
  page.on("pageerror", (error) => visit.complaints.push(error.message));
  return visit;
}

/** Empties what was noted, but for WebSockets and complaints, so that only what follows is there. */
export function forget({ documents, requests, frames }: Visit): void {
  for (const noted of [documents, requests, frames]) noted.length = 0;
}

/** The path of a page's address. */
export function pathOf(url: string): string {
  return new URL(url).pathname;
}

/** Waits for the count that the home page shows. */
export async function counted(page: Page, count: number): Promise<void> {
  await page.getByText(`Current count: ${count}`, { exact: true }).waitFor();
}

/** Clicks the home page's button. */
export function increment(page: Page): Promise<void> {
  return page.getByRole("button", { name: "Increment" }).click();
}

/** The label of the menus' item that is marked as the current page; null if none is. */
export async function currentItem(page: Page): Promise<string | null> {
  const [item, ...others] = await page.locator('light-nav [aria-current="page"]').allInnerTexts();
  assert.deepEqual(others, []);
  return item ?? null;
}
