import { type BrowserLauncher, chromeLauncher } from "@web/test-runner";
import { findChromium } from "../chromium.js";
import { findFirefox } from "./firefox.js";
import { installWebKit } from "./webkit.js";
import { WebKitLauncher } from "./webkit-launcher.js";

/** A browser engine that runs tests. */
export type Engine = (typeof engines)[number];

/** The engines. Chromium runs every test, the others run those that `isPortable` names. */
export const engines = ["chromium", "firefox", "webkit"] as const;

/** Whether a test file runs in all engines: a component test, or the smoke test of the demo. */
export function isPortable(file: string): boolean {
  return /^(components\/test\/(?!protocol\/|ssr\/)|test\/engines\/)/.test(file);
}

/**
 * Makes sure that an engine is installed, and names its executable in the environment for the tests.
 *
 * @throws Error that says what to install, if the engine is not installed and cannot be.
 */
export function prepareEngine(engine: Engine): void {
  if (engine === "chromium") process.env.CHROME_PATH = findChromium();
  else if (engine === "firefox") process.env.FIREFOX_PATH = findFirefox();
  else installWebKit();
}

/** The launcher with which web-test-runner starts an engine. Its configuration has the one for Chromium. */
export function engineLauncher(engine: Exclude<Engine, "chromium">): BrowserLauncher {
  if (engine === "webkit") return new WebKitLauncher();
  const { FIREFOX_PATH: executablePath = "" } = process.env;
  return chromeLauncher({ launchOptions: { browser: "firefox", executablePath, headless: true } });
}
