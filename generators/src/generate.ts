import { existsSync } from "node:fs";
import path from "node:path";
import type { Arguments } from "./arguments.js";
import { type AuthOptions, planAuth } from "./auth/plan-auth.js";
import { GenerateError } from "./generate-error.js";
import { planLive } from "./live/plan-live.js";
import { compare } from "./plan/compare.js";
import type { NameClaim, Places, Plan } from "./plan/plan.js";
import { describe, write } from "./plan/report.js";
import { planHook } from "./single/plan-hook.js";
import { planView } from "./single/plan-view.js";

type Generator = (args: readonly string[], places: Places, options: AuthOptions) => Plan;

const generators: Readonly<Record<string, Generator>> = {
  auth: planAuth,
  live: planLive,
  hook: planHook,
  view: planView,
};

/**
 * Runs a generator. Returns the report for the user.
 *
 * @throws GenerateError when an argument is invalid, a name is taken, or the folder contains no app.
 */
export function generate(given: Arguments, places: Places): string {
  const { generator, args, dryRun, force } = given;
  const plan = generators[generator];
  if (!plan) {
    const known = Object.keys(generators).join(", ");
    throw new GenerateError(`there is no generator "${generator}"\nExpected: ${known}`);
  }
  if (!existsSync(path.join(places.root, "package.json"))) {
    throw new GenerateError(
      "this folder has no package.json: run the command in the folder of the app",
    );
  }
  const planned = plan(args, places, given);
  if (planned.claim && !force) refuseTaken(planned.claim, places.root);
  const steps = compare(planned, places.root, { force });
  if (!dryRun) write(steps, places.root);
  return describe(planned, steps, { dryRun });
}

function refuseTaken({ key, files }: NameClaim, root: string): void {
  const exists = (file: string) => existsSync(path.join(root, file));
  const taken = exists(key) ? [] : files.filter(exists);
  if (taken.length === 0) return;
  throw new GenerateError(
    `files with these names exist already and belong to something else\nExpected: other names, or --force to overwrite the files\nGot: ${taken.join(", ")}`,
  );
}
