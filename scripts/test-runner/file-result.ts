import type { Tally } from "./tally.js";

/** Result of one test file. */
export interface FileResult {
  /** Path of the file, from the top of the repository. */
  readonly file: string;
  readonly tally: Tally;
  /** Failed tests, each as its title, a line break and its error. */
  readonly failures: readonly string[];
  /** Output of the file that belongs to no test report. */
  readonly output: string;
  /** Duration in milliseconds, if it was measured. */
  readonly took?: number;
}

/** Formats the line for a test file: `✔ demo/test/config.test.ts (24 run, 1 skipped) 310 ms`. */
export function formatFile({ file, tally, took }: FileResult): string {
  const { passed, failed, skipped } = tally;
  const run = `${passed + failed} run`;
  const counts = skipped > 0 ? `${run}, ${skipped} skipped` : run;
  const line = `${failed > 0 ? "✖" : "✔"} ${file} (${counts})`;
  return took === undefined ? line : `${line} ${Math.round(took)} ms`;
}

/** Formats the failures of a file, its output and the command that runs it again. */
export function formatFailures({ file, failures, output }: FileResult): string {
  const parts = [`✖ ${file}`, ...failures.map((failure) => `  ✖ ${indent(failure)}`)];
  if (output !== "") parts.push(`  output of ${file}:\n    ${indent(output.trimEnd())}`);
  parts.push(`  repeat it with: npm test -- ${file}`);
  return parts.join("\n\n");
}

/**
 * Counts unexpected output as a failure, so that a warning or a stray message does not stay in the log. Output of a
 * file with a failed test is explained by that test.
 */
export function refuseOutput(result: FileResult): FileResult {
  if (result.output === "" || result.failures.length > 0) return result;
  const { passed, skipped } = result.tally;
  return {
    ...result,
    tally: { passed, failed: 1, skipped },
    failures: ["the file wrote unexpected output"],
  };
}

function indent(text: string): string {
  return text.replaceAll("\n", "\n    ");
}
