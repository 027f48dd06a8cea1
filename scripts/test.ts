import { parseArgs } from "node:util";
import { runBrowserSuite } from "./browser-suite.js";
import { buildBundle } from "./bundle.js";
import { findChromium } from "./chromium.js";
import { runNodeSuite } from "./node-suite.js";
import { shell } from "./shell.js";
import { addTally, emptyTally, formatTally } from "./tally.js";
import { findTestFiles, type Suite, suiteOf, suites } from "./test-files.js";

// npm test [-- [--suite=node|browser|site] [part of a test file's path …]]
// Without arguments it lints and checks the types first, and stops if either finds something.
const { values, positionals: parts } = parseArgs({
  allowPositionals: true,
  options: { suite: { type: "string" } },
});
const everything = !values.suite && parts.length === 0;
const run = { node: runNodeSuite, browser: runBrowserSuite, site: runNodeSuite };
const tally = emptyTally();
let finished = false;

// Whatever ends the process, the last line tells how it went.
process.on("exit", (code) => {
  if (tally.failed === 0 && (code !== 0 || !finished)) tally.failed = 1;
  if (tally.failed > 0) process.exitCode = 1;
  console.log(`\nin ${Math.round(performance.now() / 1000)} s\n${formatTally(tally)}`);
});

try {
  if (everything && !(shell("npm run -s lint") && shell("npm run -s types"))) process.exit(1);
  // A bundle that is too heavy is a failure, and no reason to run no test.
  if (!(await buildBundle()) && everything) tally.failed++;
  const chosen = chosenFiles();
  if (chosen.has("browser") || chosen.has("site")) process.env.CHROME_PATH = findChromium();
  for (const [suite, files] of chosen) await runSuite(suite, files);
  finished = true;
} catch (error) {
  console.error(`✖ ${error instanceof Error ? error.message : error}`);
}
process.exit();

/** The files to run, by suite in order. A suite that was asked for and has no file is one with none. */
function chosenFiles(): Map<Suite, string[]> {
  const files = findTestFiles(process.cwd()).filter(
    (file) => parts.length === 0 || parts.some((part) => file.includes(part)),
  );
  const chosen = new Map<Suite, string[]>();
  for (const suite of suites) {
    const ofSuite = files.filter((file) => suiteOf(file) === suite);
    if (values.suite ? values.suite === suite : everything || ofSuite.length > 0)
      chosen.set(suite, ofSuite);
  }
  if (chosen.size === 0) throw new Error("no test file matches");
  return chosen;
}

async function runSuite(suite: Suite, files: string[]): Promise<void> {
  console.log(`\n${suite} tests`);
  if (files.length === 0) {
    console.log(`✖ there is no ${suite} test to run`);
    tally.failed++;
    return;
  }
  try {
    addTally(tally, await run[suite](files));
  } catch (error) {
    console.error(error);
    tally.failed++;
  }
}
