import path from "node:path";
import { pathToFileURL } from "node:url";
import {
  type BrowserLauncher,
  startTestRunner,
  type TestResultError,
  type TestRunner,
  type TestSession,
  type TestSuiteResult,
} from "@web/test-runner";
import type { Engine } from "../engines/engine.js";
import { engineLauncher } from "../engines/engine-launcher.js";
import { type FileResult, refuseOutput } from "./file-result.js";
import { emptyTally, type Tally } from "./tally.js";

/**
 * Runs test files in engines, one after the other, as web-test-runner.config.mjs configures it. A file that does not
 * load, has no test, does not end or writes unexpected output counts as a failure.
 *
 * One runner serves all engines, because each runner replaces `process.stdout.write` while it runs.
 *
 * @param report - receives the result of each file when the file has ended
 */
export async function runBrowserSuite(
  files: readonly string[],
  chosen: readonly Engine[],
  report: (result: FileResult) => void,
): Promise<void> {
  const { default: config } = await import(
    pathToFileURL(path.resolve("web-test-runner.config.mjs")).href
  );
  const launchers = new Map<BrowserLauncher, Engine>(
    chosen.map((engine) => [
      engine === "chromium" ? config.browsers[0] : engineLauncher(engine),
      engine,
    ]),
  );
  const runner = await startTestRunner({
    config: {
      ...config,
      browsers: [...launchers.keys()],
      concurrentBrowsers: 1,
      files: [...files],
      reporters: [],
      staticLogging: true,
    },
    readCliArgs: false,
    readFileConfig: false,
    autoExitProcess: false,
  });
  if (!runner) throw new Error("web-test-runner did not start");
  runner.sessions.on("session-status-updated", (session) => {
    const engine = launchers.get(session.browser) as Engine;
    if (session.status === "FINISHED") report(toResult(session, engine));
  });
  await stopped(runner);
}

function stopped(runner: TestRunner): Promise<void> {
  return new Promise((resolve) => {
    runner.on("stopped", () => resolve());
  });
}

function toResult(session: TestSession, engine: Engine): FileResult {
  const tally = emptyTally();
  const failures = session.errors.map(describe);
  if (session.testResults) collect(session.testResults, [], tally, failures);
  if (tally.passed + tally.skipped + failures.length === 0) failures.push("the file ran no test");
  if (!session.passed && failures.length === 0) failures.push("the file failed without an error");
  tally.failed = failures.length;
  const output = [
    ...session.logs.map((values) => values.map(String).join(" ")),
    ...session.request404s.map((url) => `404: ${url}`),
  ].join("\n");
  const file = path.relative(process.cwd(), session.testFile).replaceAll(path.sep, "/");
  return refuseOutput({
    // The command that repeats the file has the option too.
    file: engine === "chromium" ? file : `${file} --engine=${engine}`,
    tally,
    failures,
    output,
  });
}

function collect(
  suite: TestSuiteResult,
  names: readonly string[],
  tally: Tally,
  failures: string[],
): void {
  for (const test of suite.tests) {
    if (test.skipped) tally.skipped++;
    else if (test.passed) tally.passed++;
    else failures.push(`${[...names, test.name].join(" › ")}\n${describe(test.error)}`);
  }
  for (const child of suite.suites) collect(child, [...names, child.name], tally, failures);
}

function describe(error: TestResultError | undefined): string {
  if (!error) return "it failed without an error";
  const { name = "Error", message, stack = "", expected, actual } = error;
  const lines = [`${name}: ${message}`];
  if (expected !== undefined || actual !== undefined)
    lines.push(`Expected: ${expected}`, `Got: ${actual}`);
  return [...lines, stack].filter((line) => line !== "").join("\n");
}
