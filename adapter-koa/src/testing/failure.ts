import { AssertionError } from "node:assert";

/** Details of a failed check, printed below the first line of its message. */
export interface FailureDetails {
  readonly expected?: string;
  readonly got?: string;
  /** Descriptions of similar elements, one a line. */
  readonly candidates?: readonly string[];
  readonly cause?: unknown;
}

/** The maximum number of candidates in a message. */
const shown = 10;

/**
 * Creates the error of a failed check. It is Node's `AssertionError`, which every test runner shows as a failure. Its
 * message contains data of the page, because the data of a test is not secret.
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

/** Returns the message of an error, or a thrown value that is not an Error as a string. */
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
