import path from "node:path";
import { pathToFileURL } from "node:url";
import { startTestRunner, type TestRunner, type TestSession, type TestSuiteResult } from "@web/test-runner";
import { addTally, emptyTally, type Tally } from "./tally.js";

/**
 * Runs test files in Chromium as web-test-runner.config.mjs says, which also prints what failed, and counts.
 * A file that does not load, has no test or does not end counts as a failure.
 */
export async function runBrowserSuite(files: string[]): Promise<Tally> {
  const { default: config } = await import(pathToFileURL(path.resolve("web-test-runner.config.mjs")).href);
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
  const count = tally.passed + tally.failed + tally.skipped;
  if (count === 0 && session.errors.length === 0) console.log(`✖ ${session.testFile}: the file ran no test`);
  if (count === 0 || (!session.passed && tally.failed === 0)) tally.failed++;
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
