import type { BrowserLauncher } from "@web/test-runner";
import type { KeyAction } from "./web-driver.js";
import { type RunningWebKit, startWebKit } from "./webkit.js";

/** Code points of WebDriver for the keys that are not characters. */
const keyCodes: Readonly<Record<string, string>> = {
  Tab: "\uE004",
  Enter: "\uE007",
  Shift: "\uE008",
  Escape: "\uE00C",
  End: "\uE010",
  ArrowLeft: "\uE012",
  ArrowUp: "\uE013",
  ArrowRight: "\uE014",
  ArrowDown: "\uE015",
};

/** Runs the test files of web-test-runner in WebKitGTK, one after the other in one window. */
export class WebKitLauncher implements BrowserLauncher {
  readonly name = "WebKit";
  /** The commands of web-test-runner drive a browser of this type through `getPage`. */
  readonly type = "playwright";
  readonly concurrency = 1;
  #browser: RunningWebKit | undefined;
  #session: { id: string; url: string } | undefined;

  async startSession(id: string, url: string): Promise<void> {
    this.#browser ??= await startWebKit();
    this.#session = { id, url };
    await this.#browser.driver.goTo(url);
  }

  isActive(id: string): boolean {
    return this.#session?.id === id;
  }

  getBrowserUrl(): string | undefined {
    return this.#session?.url;
  }

  async stopSession(): Promise<object> {
    this.#session = undefined;
    // Ends the scripts and timers of the page.
    await this.#browser?.driver.goTo("about:blank");
    return {};
  }

  async startDebugSession(): Promise<void> {
    throw new Error("WebKit does not support debugging here. Expected: another engine.");
  }

  async stop(): Promise<void> {
    await this.#browser?.stop();
  }

  /** Returns the part of Playwright's page that the command `sendKeys` uses. */
  getPage() {
    const send = async (key: string, ...types: KeyAction["type"][]) => {
      const value = keyCodes[key] ?? key;
      await this.#browser?.driver.pressKeys(types.map((type) => ({ type, value })));
    };
    return {
      keyboard: {
        press: (key: string) => send(key, "keyDown", "keyUp"),
        down: (key: string) => send(key, "keyDown"),
        up: (key: string) => send(key, "keyUp"),
      },
    };
  }
}
