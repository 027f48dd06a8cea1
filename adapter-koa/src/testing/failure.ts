import { AssertionError } from "node:assert";

/** What a failed check saw, printed below its first line. */
export interface FailureDetails {
  readonly expected?: string;
  readonly got?: string;
  /** What there is instead, one line each. */
  readonly candidates?: readonly string[];
  readonly cause?: unknown;
}

/** How many candidates a message shows. */
const shown = 10;

/**
 * The error of a check that failed: Node's own `AssertionError`, which every test runner shows as a
 * failure. Its message shows what the page holds; a test's data is no secret.
 */
export function failure(message: string, details: FailureDetails = {}): AssertionError {
  const { expected, got, candidates } = details;
  const lines = [message];
  if (expected !== undefined) lines.push(`Expected: ${expected}`);
  if (got !== undefined) lines.push(`Got: ${got}`);
  if (candidates) lines.push(...listed(candidates));
  const error = new AssertionError({ message: lines.join("\n") });
  if ("cause" in details) error.cause = details.cause;
  return error;
}

/** What an error says. */
export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

function listed(candidates: readonly string[]): string[] {
  if (candidates.length === 0) return ["Candidates: none"];
  const more = candidates.length - shown;
  return [
    "Candidates:",
    ...candidates.slice(0, shown).map((candidate) => `  ${candidate}`),
    ...(more > 0 ? [`  … and ${more} more`] : []),
  ];
}
