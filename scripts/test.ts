import { parseArgs } from "node:util";
import { runBrowserSuite } from "./browser-suite.js";
import { runNodeSuite } from "./node-suite.js";
import { addTally, emptyTally, formatTally } from "./tally.js";
import { findTestFiles, type Suite, suiteOf, suites } from "./test-files.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { suite: { type: "string", multiple: true } },
});

const runners = { node: runNodeSuite, browser: runBrowserSuite, site: runNodeSuite };
const tally = emptyTally();

async function runSuite(suite: Suite, files: string[]): Promise<void> {
  console.log(`\n${suite}: ${files.length} files`);
  try {
    addTally(tally, await runners[suite](files));
  } catch (error) {
    console.error(error);
    tally.failed++;
  }
}

const files = findTestFiles(process.cwd()).filter(
  (file) => positionals.length === 0 || positionals.some((part) => file.includes(part)),
);
for (const suite of suites) {
  if (values.suite && !values.suite.includes(suite)) continue;
  await runSuite(
    suite,
    files.filter((file) => suiteOf(file) === suite),
  );
}
console.log(`\n${formatTally(tally)}`);
process.exit(tally.failed > 0 ? 1 : 0);
