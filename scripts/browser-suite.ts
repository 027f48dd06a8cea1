import path from "node:path";
import { pathToFileURL } from "node:url";
import {
  startTestRunner,
  type TestRunner,
  type TestSession,
  type TestSuiteResult,
} from "@web/test-runner";
import { addTally, emptyTally, formatFile, type Tally } from "./tally.js";

/**
 * Runs test files in Chromium as web-test-runner.config.mjs says, which also prints what failed, and counts.
 * A file that does not load, has no test or does not end counts as a failure.
 */
export async function runBrowserSuite(files: string[]): Promise<Tally> {
  const { default: config } = await import(
    pathToFileURL(path.resolve("web-test-runner.config.mjs")).href
  );
  const runner = await startTestRunner({
    config: { ...config, files },
    readCliArgs: false,
    readFileConfig: false,
    autoExitProcess: false,
  });
  if (!runner) throw new Error("web-test-runner did not start");
  await stopped(runner);
  const tally = emptyTally();
  for (const session of runner.sessions.all()) addTally(tally, sessionTally(session));
  return tally;
}

function stopped(runner: TestRunner): Promise<void> {
  return new Promise((resolve) => {
    runner.on("stopped", () => resolve());
  });
}

function sessionTally(session: TestSession): Tally {
  const tally = emptyTally();
  if (session.testResults) countTests(session.testResults, tally);
  const none = tally.passed + tally.failed + tally.skipped === 0;
  if (none || (!session.passed && tally.failed === 0)) tally.failed++;
  const file = path.relative(process.cwd(), session.testFile);
  console.log(`${formatFile(file, tally)}${none ? ": it did not load or has no test" : ""}`);
  return tally;
}

function countTests(suite: TestSuiteResult, tally: Tally): void {
  for (const test of suite.tests) {
    if (test.skipped) tally.skipped++;
    else if (test.passed) tally.passed++;
    else tally.failed++;
  }
  for (const child of suite.suites) countTests(child, tally);
}
