import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createTwoFilesPatch } from "diff";
import type { Plan, Step } from "./plan.js";

const words: Readonly<Record<Step["kind"], string>> = {
  create: "create",
  edit: "edit",
  overwrite: "overwrite",
  unchanged: "unchanged",
  differs: "keep",
  manual: "by hand",
};

/** Writes the files of the steps. */
export function write(steps: readonly Step[], root: string): void {
  for (const step of steps) {
    if (!("after" in step)) continue;
    const target = path.join(root, step.path);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, step.after);
  }
}

/** Describes what the steps do, or would do. */
export function describe(
  plan: Plan,
  steps: readonly Step[],
  { dryRun }: { readonly dryRun: boolean },
): string {
  const open = steps.filter(({ kind }) => kind !== "unchanged");
  if (open.length === 0) return "There is nothing to do: all files are up to date.\n";
  const lines = open.map((step) => `${words[step.kind].padStart(9)}  ${step.path}${noteOf(step)}`);
  const diffs = dryRun ? open.flatMap(diffOf) : [];
  const manual = open.flatMap((step) =>
    step.kind === "manual" ? [`\n${step.path} has another form. Add to it:\n\n${step.manual}`] : [],
  );
  const hasWritten = !dryRun && open.some((step) => "after" in step);
  const next = hasWritten ? ["\nNext:", ...plan.next.map((line) => `  ${line}`)] : [];
  const nothing = dryRun ? ["\nNothing was written, because of --dry-run."] : [];
  return `${[...lines, ...diffs, ...manual, ...next, ...nothing].join("\n")}\n`;
}

function noteOf(step: Step): string {
  return step.kind === "differs" ? " (it differs; --force overwrites it)" : "";
}

function diffOf(step: Step): string[] {
  if (step.kind !== "edit" && step.kind !== "overwrite") return [];
  return ["", createTwoFilesPatch(step.path, step.path, step.before, step.after).trimEnd()];
}
