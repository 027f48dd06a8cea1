import { parseArgs } from "node:util";
import { buildBundle } from "../bundle.js";
import { parseEngines, prepareEngine, runsIn } from "../engines/engine.js";
import { makeRelease, releaseVariable, removeRelease } from "../release.js";
import { shell } from "../shell.js";
import { runBrowserSuite } from "./browser-suite.js";
import { type CompiledTests, compileTests } from "./compile-tests.js";
import { type FileResult, formatFailures, formatFile } from "./file-result.js";
import { type Job, runInLanes } from "./lanes.js";
import { compiledVariable, processScripts } from "./process-script.js";
import { shareChromium } from "./shared-chromium.js";
import { addTally, emptyTally, formatTally } from "./tally.js";
import { findTestFiles, type Suite, suiteOf, suites } from "./test-files.js";
import { TestProcesses, testScript } from "./test-processes.js";

// npm test [-- [--engine=chromium|firefox|webkit …] [--suite=node|browser|site|packages] [part of a test file's path …]]
// Without arguments it checks style and types first, and stops if either check fails.
const { values, positionals: parts } = parseArgs({
  allowPositionals: true,
  options: {
    suite: { type: "string" },
    engine: { type: "string", multiple: true, default: ["chromium"] },
  },
});
const engines = parseEngines(values.engine);
const everything = !values.suite && parts.length === 0 && engines.includes("chromium");
const tally = emptyTally();
const failed: FileResult[] = [];
/** Runs at the end, in reverse order. */
const cleanUps: (() => unknown)[] = [];
let finished = false;

// The last line reports the result however the process ends.
process.on("exit", (code) => {
  if (tally.failed === 0 && (code !== 0 || !finished)) tally.failed = 1;
  if (tally.failed > 0) process.exitCode = 1;
  console.log(`\nin ${Math.round(performance.now() / 1000)} s\n${formatTally(tally)}`);
});
process.on("warning", (warning) => fail("npm test", `${warning.name}: ${warning.message}`));

// Processes of test files run JavaScript and need no loader.
process.execArgv = ["--enable-source-maps", "--disable-warning=ExperimentalWarning"];

try {
  const chosen = chosenFiles();
  const inNode = [...chosen].flatMap(([suite, files]) => (suite === "browser" ? [] : files));
  const needsBrowser = suites.some((suite) => suite !== "node" && chosen.has(suite));
  if (needsBrowser) engines.forEach(prepareEngine);
  const [isCorrect, isLight, tests] = await Promise.all([
    !everything || passesChecks(),
    buildBundle(),
    compileTests([...inNode, ...processScripts, testScript]),
  ]);
  cleanUps.push(() => tests.remove());
  if (!isCorrect) throw new Error("style or types are not correct: see the errors above");
  process.env[compiledVariable] = tests.folder;
  // A bundle above its limit is a failure, but the tests still run.
  if (!isLight && everything) fail("scripts/bundle.ts", "the bundle is above its limit");
  const { CHROME_PATH: chromium } = process.env;
  if (chromium && (chosen.has("site") || chosen.has("packages")))
    cleanUps.push(await shareChromium(chromium));
  const processes = new TestProcesses();
  cleanUps.push(() => processes.end());
  await runInLanes(jobsFor(chosen, tests, processes));
  finished = true;
} catch (error) {
  console.error(`✖ ${error instanceof Error ? error.message : error}`);
}
for (const cleanUp of cleanUps.reverse()) await cleanUp();
for (const result of failed) console.log(`\n${formatFailures(result)}`);
process.exit();

async function passesChecks(): Promise<boolean> {
  const passed = await Promise.all([shell("npm run -s lint"), shell("npm run -s types")]);
  return !passed.includes(false);
}

/** Returns the files to run by suite. A suite that was asked for and has no file has an empty list. */
function chosenFiles(): Map<Suite, string[]> {
  const files = findTestFiles(process.cwd()).filter((file) =>
    parts.length === 0 ? runsIn(engines, file) : parts.some((part) => file.includes(part)),
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

/** Returns the jobs of the lanes: one for the browser suite and one for each other file. Packages wait for the release. */
function jobsFor(
  chosen: ReadonlyMap<Suite, readonly string[]>,
  tests: CompiledTests,
  processes: TestProcesses,
): Job[] {
  const runFile = (file: string, variables?: Record<string, string>) =>
    guarded(file, async () => {
      report(await processes.run(file, tests.compiled(file), variables));
      return [];
    });
  return [...chosen].flatMap(([suite, files]): Job | Job[] => {
    if (suite !== "browser" && suite !== "packages" && files.length > 0)
      return files.map((file) => runFile(file));
    return guarded(suite, async () => {
      if (files.length === 0) throw new Error(`no ${suite} test was found`);
      if (suite === "browser") {
        await runBrowserSuite(files, engines, report);
        return [];
      }
      const release = await makeRelease();
      cleanUps.push(() => removeRelease(release));
      return files.map((file) => runFile(file, { [releaseVariable]: release }));
    });
  });
}

function guarded(name: string, job: Job): Job {
  return async () => {
    try {
      return await job();
    } catch (error) {
      fail(name, String((error as Error)?.stack ?? error));
      return [];
    }
  };
}

function report(result: FileResult): void {
  console.log(formatFile(result));
  addTally(tally, result.tally);
  if (result.tally.failed > 0) failed.push(result);
}

function fail(file: string, failure: string): void {
  report({ file, tally: { ...emptyTally(), failed: 1 }, failures: [failure], output: "" });
}
