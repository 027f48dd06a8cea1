import { run } from "node:test";
import { inspect } from "node:util";
import { type FileResult, refuseOutput } from "./file-result.js";
import { emptyTally } from "./tally.js";

/** Longest time that one test file may take. */
const fileTimeout = 300_000;

/** Event of `node:test` for a finished test. It covers the file itself only if that had no test or crashed. */
interface TestEnd {
  name: string;
  nesting: number;
  skip?: string | boolean | undefined;
  todo?: string | boolean | undefined;
  details: { type?: string | undefined; error?: (Error & { failureType?: string }) | undefined };
}

/**
 * Runs a test file with `node:test` in its own process, which gets the flags of this process. A file that has no
 * test, crashes, does not end or writes unexpected output counts as a failure.
 *
 * @param file - path of the source, for the report
 * @param compiled - path of the JavaScript to run
 */
export async function runNodeFile(file: string, compiled = file): Promise<FileResult> {
  const started = performance.now();
  const tally = emptyTally();
  const failures: string[] = [];
  let output = "";
  const names: string[] = [];

  const onEnd = (end: TestEnd, passed: boolean) => {
    const { type, error } = end.details;
    if (end.nesting === 0 && end.name === compiled) {
      if (!passed) failures.push(describe(error));
    } else if (end.skip !== undefined || end.todo !== undefined) {
      tally.skipped++;
    } else if (passed) {
      if (type !== "suite") tally.passed++;
    } else if (error?.failureType !== "subtestsFailed") {
      failures.push(`${names.slice(0, end.nesting + 1).join(" › ")}\n${describe(error)}`);
    }
  };

  for await (const { type, data } of run({ files: [compiled], timeout: fileTimeout })) {
    if (type === "test:start") names[data.nesting] = data.name;
    else if (type === "test:pass") onEnd(data, true);
    else if (type === "test:fail") onEnd(data, false);
    else if (type === "test:stdout" || type === "test:stderr") output += data.message;
    else if (type === "test:diagnostic" && data.message.startsWith("Error:"))
      output += `${data.message}\n`;
  }

  if (tally.passed + tally.skipped + failures.length === 0) failures.push("the file ran no test");
  tally.failed = failures.length;
  return refuseOutput({ file, tally, failures, output, took: performance.now() - started });
}

/** Formats the error that a test threw, which `node:test` wraps as `cause`, without Node's own stack frames. */
function describe(error: Error | undefined): string {
  const thrown = error?.cause ?? error;
  if (!(thrown instanceof Error)) return String(thrown);
  const failedAssertion = "code" in thrown && thrown.code === "ERR_ASSERTION";
  const text = failedAssertion && thrown.stack ? thrown.stack : inspect(thrown, { depth: 4 });
  return text.replaceAll(/\n +at .*node:internal.*?(?= \{$|$)/gm, "");
}
