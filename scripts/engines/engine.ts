import { findChromiums } from "../chromium.js";
import { desktopChromiumVariable } from "../test-runner/shared-chromium.js";
import { suiteOf } from "../test-runner/test-files.js";
import { findFirefox } from "./firefox.js";
import { installWebKit } from "./webkit.js";

/** A browser engine that runs tests. */
export type Engine = (typeof engines)[number];

/** The engines. Chromium runs every test, the others run the component tests and a smoke test of the demo. */
export const engines = ["chromium", "firefox", "webkit"] as const;

/**
 * Returns the engines of the command line's `--engine`.
 *
 * @throws Error that lists the engines, if there is no such engine.
 */
export function parseEngines(names: readonly string[]): Engine[] {
  return names.map((name) => {
    const engine = engines.find((engine) => engine === name);
    if (!engine) throw new Error(`unknown engine. Expected: ${engines.join(", ")}. Got: ${name}`);
    return engine;
  });
}

/** Whether a test file runs in one of the chosen engines. In Chromium the smoke test repeats others, so only `.ci/run` runs it. */
export function runsIn(chosen: readonly Engine[], file: string): boolean {
  const smokeTest = /^test\/engines\/(\w+)\.test\.ts$/.exec(file);
  if (smokeTest?.[1] === "chromium" && process.env.TEST_ALL !== "1") return false;
  if (smokeTest) return chosen.some((engine) => engine === smokeTest[1]);
  return chosen.includes("chromium") || suiteOf(file) === "browser";
}

/**
 * Makes sure that an engine is installed, and names its executables in the environment for the tests.
 *
 * @throws Error that says what to install, if the engine is not installed and cannot be.
 */
export function prepareEngine(engine: Engine): void {
  if (engine === "chromium") {
    const { desktop, fast } = findChromiums();
    process.env.CHROME_PATH = fast;
    process.env[desktopChromiumVariable] = desktop;
  } else if (engine === "firefox") process.env.FIREFOX_PATH = findFirefox();
  else installWebKit();
}
