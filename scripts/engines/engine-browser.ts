import { setTimeout as wait } from "node:timers/promises";
import { type Browser, launch, type Page } from "puppeteer-core";
import { chromiumArgs } from "../test-runner/shared-chromium.js";
import type { Engine } from "./engine.js";
import type { WebDriver } from "./web-driver.js";
import { type RunningWebKit, startWebKit } from "./webkit.js";

/** An element is clicked when it has not moved for this long, in milliseconds. */
const stillMs = 50;

/** A window of a browser, with the operations that all engines have. */
export interface EnginePage {
  /** Loads a page, and resolves when it has loaded. */
  goTo(url: string): Promise<void>;
  goBack(): Promise<void>;
  /** Returns the value of a JavaScript expression, which must be JSON. */
  evaluate(expression: string): Promise<unknown>;
  /** Clicks the element that an expression returns, as a user does. */
  click(element: string): Promise<void>;
  /** Types into the field that an expression returns. */
  type(element: string, text: string): Promise<void>;
}

/** A browser of one of the engines. Its windows share their cookies. */
export interface EngineBrowser {
  newPage(): Promise<EnginePage>;
  close(): Promise<void>;
}

/** The options with which a browser starts. */
export interface EngineOptions {
  /** Whether pages run scripts; true by default. */
  readonly javaScript?: boolean;
}

/** Starts a browser, which `prepareEngine` has installed. */
export async function launchEngine(
  engine: Engine,
  { javaScript = true }: EngineOptions = {},
): Promise<EngineBrowser> {
  if (engine === "webkit") return new WebKitBrowser(await startWebKit({ javaScript }));
  const isFirefox = engine === "firefox";
  const browser = await launch({
    browser: isFirefox ? "firefox" : "chrome",
    executablePath: (isFirefox ? process.env.FIREFOX_PATH : process.env.CHROME_PATH) ?? "",
    // Firefox has no command to disable JavaScript.
    extraPrefsFirefox: { "javascript.enabled": javaScript },
    args: isFirefox ? [] : [...chromiumArgs],
  });
  return new PuppeteerBrowser(browser, javaScript || isFirefox);
}

/** A Chromium or a Firefox. */
class PuppeteerBrowser implements EngineBrowser {
  readonly #browser: Browser;
  readonly #javaScript: boolean;

  constructor(browser: Browser, javaScript: boolean) {
    this.#browser = browser;
    this.#javaScript = javaScript;
  }

  async newPage(): Promise<EnginePage> {
    const page = await this.#browser.newPage({ type: "window" });
    await page.setViewport({ width: 1280, height: 900 });
    if (!this.#javaScript) await page.setJavaScriptEnabled(false);
    return new PuppeteerPage(page);
  }

  close(): Promise<void> {
    return this.#browser.close();
  }
}

class PuppeteerPage implements EnginePage {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  async goTo(url: string): Promise<void> {
    await this.#page.goto(url);
  }

  async goBack(): Promise<void> {
    // Otherwise the page may be gone before it has answered the call.
    await this.#page.evaluate("void setTimeout(() => history.back())");
  }

  evaluate(expression: string): Promise<unknown> {
    return this.#page.evaluate(expression);
  }

  // Puppeteer's own click and type wait for scripts of the page, which may have none.
  async click(element: string): Promise<void> {
    let { x, y } = await this.#centerOf(element);
    // The page may still move the element, for example when it has grown above it.
    for (let isStill = false; !isStill; ) {
      await wait(stillMs);
      const center = await this.#centerOf(element);
      isStill = center.x === x && center.y === y;
      ({ x, y } = center);
    }
    await this.#page.mouse.click(x, y);
  }

  async #centerOf(element: string): Promise<Point> {
    return (await this.#page.evaluate(centerOf(element))) as Point;
  }

  async type(element: string, text: string): Promise<void> {
    await this.#page.evaluate(`${element}.focus()`);
    await this.#page.keyboard.type(text);
  }
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Returns an expression that scrolls an element into view and returns its center. */
const centerOf = (element: string): string => `((element) => {
  element.scrollIntoView({ block: "nearest", behavior: "instant" });
  const { x, y, width, height } = element.getBoundingClientRect();
  return { x: x + width / 2, y: y + height / 2 };
})(${element})`;

/** A WebKitGTK. Its windows are commanded one at a time: each command makes its window the current one. */
class WebKitBrowser implements EngineBrowser {
  readonly #webKit: RunningWebKit;

  constructor(webKit: RunningWebKit) {
    this.#webKit = webKit;
  }

  async newPage(): Promise<EnginePage> {
    const { driver } = this.#webKit;
    return new WebKitPage(driver, await driver.newWindow());
  }

  close(): Promise<void> {
    return this.#webKit.stop();
  }
}

class WebKitPage implements EnginePage {
  readonly #driver: WebDriver;
  readonly #handle: string;

  constructor(driver: WebDriver, handle: string) {
    this.#driver = driver;
    this.#handle = handle;
  }

  async goTo(url: string): Promise<void> {
    await (await this.#current()).goTo(url);
  }

  async goBack(): Promise<void> {
    await this.evaluate("history.back()");
  }

  async evaluate(expression: string): Promise<unknown> {
    return (await this.#current()).execute(`return ${expression}`);
  }

  async click(element: string): Promise<void> {
    const driver = await this.#current();
    await driver.click(await driver.find(element));
  }

  async type(element: string, text: string): Promise<void> {
    const driver = await this.#current();
    await driver.type(await driver.find(element), text);
  }

  async #current(): Promise<WebDriver> {
    await this.#driver.switchTo(this.#handle);
    return this.#driver;
  }
}
