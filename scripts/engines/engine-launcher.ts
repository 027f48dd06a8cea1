import { type BrowserLauncher, chromeLauncher } from "@web/test-runner";
import type { Engine } from "./engine.js";
import { WebKitLauncher } from "./webkit-launcher.js";

/** The launcher with which web-test-runner starts an engine. Its configuration has the one for Chromium. */
export function engineLauncher(engine: Exclude<Engine, "chromium">): BrowserLauncher {
  if (engine === "webkit") return new WebKitLauncher();
  const { FIREFOX_PATH: executablePath = "" } = process.env;
  return chromeLauncher({ launchOptions: { browser: "firefox", executablePath, headless: true } });
}
