import { run } from "node:test";
import { inspect } from "node:util";
import { addTally, emptyTally, formatFile, type Tally } from "./tally.js";

/** Longest time that one test file may take. */
const fileTimeout = 180_000;

/** What `node:test` tells of a test that ended; it tells of the file itself only if that had no test or crashed. */
interface TestEnd {
  name: string;
  nesting: number;
  skip?: string | boolean | undefined;
  todo?: string | boolean | undefined;
  details: { type?: string | undefined; error?: (Error & { failureType?: string }) | undefined };
}

/**
 * Runs test files with `node:test`, one after the other, each in a process of its own that gets this
 * process's flags. Prints one line a file, and what failed with all that the file wrote. A file that
 * has no test, crashes or does not end counts as a failure.
 */
export async function runNodeSuite(files: string[]): Promise<Tally> {
  const tally = emptyTally();
  for (const file of files) addTally(tally, await runFile(file));
  return tally;
}

async function runFile(file: string): Promise<Tally> {
  const started = performance.now();
  const tally = emptyTally();
  const failures: string[] = [];
  let output = "";
  const names: string[] = [];

  const onEnd = (end: TestEnd, passed: boolean) => {
    const { type, error } = end.details;
    if (end.nesting === 0 && end.name === file) {
      if (!passed) failures.push(describe(error));
    } else if (end.skip !== undefined || end.todo !== undefined) {
      tally.skipped++;
    } else if (passed) {
      if (type !== "suite") tally.passed++;
    } else if (error?.failureType !== "subtestsFailed") {
      failures.push(`${names.slice(0, end.nesting + 1).join(" › ")}\n${describe(error)}`);
    }
  };

  for await (const { type, data } of run({ files: [file], timeout: fileTimeout })) {
    if (type === "test:start") names[data.nesting] = data.name;
    else if (type === "test:pass") onEnd(data, true);
    else if (type === "test:fail") onEnd(data, false);
    else if (type === "test:stdout" || type === "test:stderr") output += data.message;
    else if (type === "test:diagnostic" && data.message.startsWith("Error:"))
      output += `${data.message}\n`;
  }

  if (tally.passed + tally.skipped + failures.length === 0) failures.push("the file ran no test");
  tally.failed = failures.length;
  report(file, tally, performance.now() - started, failures, output);
  return tally;
}

function report(
  file: string,
  tally: Tally,
  took: number,
  failures: string[],
  output: string,
): void {
  console.log(`${formatFile(file, tally)} ${Math.round(took)} ms`);
  if (failures.length === 0) return;
  for (const failure of failures) console.log(`\n  ✖ ${indent(failure)}`);
  if (output !== "") console.log(`\n  output of ${file}:\n    ${indent(output.trimEnd())}`);
  console.log();
}

/** The error that a test threw, which `node:test` wraps as the cause of its own, without Node's part of the stack. */
function describe(error: Error | undefined): string {
  const thrown = error?.cause ?? error;
  if (!(thrown instanceof Error)) return String(thrown);
  const failedAssertion = "code" in thrown && thrown.code === "ERR_ASSERTION";
  const text = failedAssertion && thrown.stack ? thrown.stack : inspect(thrown, { depth: 4 });
  return text.replaceAll(/\n +at .*node:internal.*?(?= \{$|$)/gm, "");
}

function indent(text: string): string {
  return text.replaceAll("\n", "\n    ");
}
