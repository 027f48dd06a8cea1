import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { UnknownFormError } from "../source/source-edit.js";
import { formatFiles } from "./format.js";
import type { Plan, PlannedEdit, PlannedFile, Step } from "./plan.js";

/** Compares a plan with the files of an app. `force` overwrites files that differ. */
export function compare(plan: Plan, root: string, { force }: { readonly force: boolean }): Step[] {
  const edits = plan.edits.map((edit) => compareEdit(edit, root));
  const written = new Map(plan.files.map(({ path, content }) => [path, content]));
  for (const step of edits) if (step.kind === "edit") written.set(step.path, step.after);
  const formatted = formatFiles(written, root);

  const files = plan.files.map((file) =>
    compareFile({ ...file, content: formatted.get(file.path) ?? file.content }, root, force),
  );
  return [
    ...files,
    ...edits.map((step) =>
      step.kind === "edit"
        ? { ...step, after: endLinesLike(step.before, formatted.get(step.path) ?? step.after) }
        : step,
    ),
  ];
}

/** Ends the lines of a string with CRLF if those of another string do. Git on Windows writes files in this form. */
function endLinesLike(other: string, text: string): string {
  return other.includes("\r\n") ? toUnix(text).replaceAll("\n", "\r\n") : text;
}

function toUnix(text: string): string {
  return text.replaceAll("\r\n", "\n");
}

function compareFile(
  { path, content, isSupport }: PlannedFile,
  root: string,
  force: boolean,
): Step {
  const before = readIn(root, path);
  if (before === undefined) return { kind: "create", path, before: "", after: content };
  if (isSupport || toUnix(before) === toUnix(content)) return { kind: "unchanged", path };
  return force ? { kind: "overwrite", path, before, after: content } : { kind: "differs", path };
}

function compareEdit({ path, apply, manual }: PlannedEdit, root: string): Step {
  const before = readIn(root, path);
  if (before === undefined) return { kind: "manual", path, manual };
  try {
    const lines = toUnix(before);
    const after = apply(lines);
    return after === lines ? { kind: "unchanged", path } : { kind: "edit", path, before, after };
  } catch (error) {
    if (!(error instanceof UnknownFormError)) throw error;
    return { kind: "manual", path, manual };
  }
}

function readIn(root: string, file: string): string | undefined {
  const full = path.join(root, file);
  return existsSync(full) ? readFileSync(full, "utf8") : undefined;
}
