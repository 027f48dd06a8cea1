import { execFile } from "node:child_process";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { runCompiler } from "../../support/compiler.js";

const root = path.resolve(import.meta.dirname, "../../..");
const run = promisify(execFile);
const shell = process.platform === "win32"; // On Windows npm is a batch file.

/** Creates a project from the files in `source` and installs packages, as a user of the packages would. */
export async function createProject(
  folder: string,
  source: string,
  packages: readonly string[],
): Promise<void> {
  cpSync(source, folder, { recursive: true });
  writeFileSync(path.join(folder, "package.json"), '{ "private": true, "type": "module" }');
  await run("npm", ["install", "--prefer-offline", "--no-audit", ...packages], {
    cwd: folder,
    shell,
  });
}

/** Returns the name of a package with the version that the workspace uses. */
export function pinned(name: string): string {
  const { packages } = JSON.parse(readFileSync(path.join(root, "package-lock.json"), "utf8"));
  return `${name}@${packages[`node_modules/${name}`].version}`;
}

/** Checks the types of a project's files and of its dependencies. Returns the output of the compiler. */
export function checkTypes(folder: string, files: readonly string[], options: object): string {
  const compilerOptions = { strict: true, noEmit: true, target: "es2022", types: [], ...options };
  writeFileSync(path.join(folder, "tsconfig.json"), JSON.stringify({ files, compilerOptions }));
  return runCompiler(folder);
}
