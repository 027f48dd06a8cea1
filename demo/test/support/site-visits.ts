import assert from "node:assert/strict";
import { after, afterEach, before } from "node:test";
import type {
  Browser,
  BrowserContext,
  BrowserContextOptions,
  Page,
  WebSocket,
} from "playwright-core";
import { uniqueEmail, validPassword } from "./accounts.js";
import { createSqliteDatabase, type TestDatabase } from "./database.js";
import { startTestSite, type TestSite } from "./site.js";
import { launchBrowserWithCache, newContext, open, openBrowser } from "./site-browser.js";
import { Visitor } from "./visitor.js";

/** A page with a record of its activity. */
export interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Paths of the requested documents. */
  readonly documents: string[];
  /** Paths of all HTTP requests. */
  readonly requests: string[];
  readonly webSockets: WebSocket[];
  /** Sent and received frames, oldest first, without heartbeats and without changes in who else is here. */
  readonly frames: string[];
  /** Errors and warnings of the console, the page and its Content-Security-Policy. They fail the test. */
  readonly complaints: string[];
}

/** A page whose user is logged in. */
export interface Member extends Visit {
  readonly email: string;
}

/** Options of `SiteVisits.visit`. */
export interface VisitOptions extends BrowserContextOptions {
  /** Context of the page. By default a new one with its own cookies. */
  readonly context?: BrowserContext;
  /** Uses a browser with a back/forward cache. */
  readonly keepsPages?: boolean;
}

/** A site and a browser that visits it. */
export class SiteVisits {
  readonly site: TestSite;
  readonly #database: TestDatabase;
  readonly #browser: Browser;
  #keepingBrowser: Browser | undefined;
  readonly #visits: Visit[] = [];
  #errorsTaken = 0;

  static async start(): Promise<SiteVisits> {
    // The browser comes first: if it fails after the site has started, the site keeps the process alive.
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

  /** Opens an empty page in a new context. */
  async newVisit({ context: shared, keepsPages, ...options }: VisitOptions = {}): Promise<Visit> {
    const browser = keepsPages ? await this.#startKeepingBrowser() : this.#browser;
    const context = shared ?? (await newContext(browser, this.site.url, options));
    const visit = watch(await context.newPage());
    this.#visits.push(visit);
    return visit;
  }

  /** Opens a page and waits until its view is joined. */
  async visit(path: string, options?: VisitOptions): Promise<Visit> {
    const visit = await this.newVisit(options);
    await open(visit.page, path);
    return visit;
  }

  /** Opens an empty page in a new context, where a new user is logged in. */
  async newMember(options?: Omit<VisitOptions, "context">): Promise<Member> {
    const { url } = this.site;
    const visitor = new Visitor(url);
    const email = uniqueEmail();
    await visitor.register(email, validPassword);
    // This page shows the message about the new account.
    await visitor.get("/");
    const visit = await this.newVisit(options);
    await visit.context.addCookies(
      Array.from(visitor.cookies, ([name, value]) => ({ name, value, url })),
    );
    return { ...visit, email };
  }

  /** Closes all pages, and checks that neither they nor the site had errors. */
  async leave(): Promise<void> {
    const visits = this.#visits.splice(0);
    await Promise.all(
      [...new Set(visits.map(({ context }) => context))].map((context) => context.close()),
    );
    assert.deepEqual([...visits.flatMap(({ complaints }) => complaints), ...this.takeErrors()], []);
  }

  /** Returns the errors of the site since the last call. */
  takeErrors(): unknown[] {
    const errors = this.site.errors.slice(this.#errorsTaken);
    this.#errorsTaken = this.site.errors.length;
    return errors;
  }

  async end(): Promise<void> {
    await Promise.all([this.#browser.close(), this.#keepingBrowser?.close()]);
    await this.site.stop();
    await this.#database.remove();
  }

  async #startKeepingBrowser(): Promise<Browser> {
    this.#keepingBrowser ??= await launchBrowserWithCache();
    return this.#keepingBrowser;
  }
}

/**
 * Runs a site and a browser for the tests of the surrounding suite. Fails a test if the site or a page had an error.
 *
 * @returns a function that returns the visits while the tests run
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

/** Records the activity of a page from now on. */
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
    // Chromium requests the icon whenever the address changes, mostly from its cache.
    if (path !== "/assets/favicon.svg") visit.requests.push(path);
    if (request.isNavigationRequest()) visit.documents.push(path);
  });
  page.on("websocket", (webSocket) => {
    visit.webSockets.push(webSocket);
    const note = ({ payload }: { payload: string | Buffer }) => {
      if (!/"phoenix"|"path":"\/presence\//.test(String(payload)))
        visit.frames.push(String(payload));
    };
    webSocket.on("framesent", note).on("framereceived", note);
  });
  page.on("console", (message) => {
    // These include violations of the Content-Security-Policy.
    if (["error", "warning"].includes(message.type())) visit.complaints.push(message.text());
  });
  page.on("pageerror", (error) => visit.complaints.push(error.message));
  return visit;
}

/** Clears the recorded documents, requests and frames. */
export function forget({ documents, requests, frames }: Visit): void {
  for (const noted of [documents, requests, frames]) noted.length = 0;
}

/** Returns the path of a URL. */
export function pathOf(url: string): string {
  return new URL(url).pathname;
}

/** Waits until the home page shows a count. */
export async function counted(page: Page, count: number): Promise<void> {
  await page.getByText(`Current count: ${count}`, { exact: true }).waitFor();
}

/** Clicks the home page's button. */
export function increment(page: Page): Promise<void> {
  return page.getByRole("button", { name: "Increment" }).click();
}

/** Returns the label of the menu item that is marked as the current page, or null. */
export async function currentItem(page: Page): Promise<string | null> {
  const [item, ...others] = await page.locator('light-nav [aria-current="page"]').allInnerTexts();
  assert.deepEqual(others, []);
  return item ?? null;
}
