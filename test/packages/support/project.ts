import { execFile, spawnSync } from "node:child_process";
import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";

const root = path.resolve(import.meta.dirname, "../../..");
const run = promisify(execFile);
// On Windows npm is a batch file.
const shell = process.platform === "win32";

/** Packs both packages as they would be published; the paths of the files. */
export async function packPackages(folder: string): Promise<string[]> {
  const args = ["pack", "-w", "components", "-w", "adapter-koa", "--pack-destination", folder];
  await run("npm", args, { cwd: root, shell });
  return readdirSync(folder).map((file) => path.join(folder, file));
}

/** Makes a project of files of ours in an empty folder, and installs what it needs as its user would. */
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

/** What the workspace names a package with, so that a project gets the version that we test with. */
export function pinned(name: string): string {
  const { packages } = JSON.parse(readFileSync(path.join(root, "package-lock.json"), "utf8"));
  return `${name}@${packages[`node_modules/${name}`].version}`;
}

/** Checks the types of a project's files, those of its dependencies included; what the compiler complains of. */
export function checkTypes(folder: string, files: readonly string[], options: object): string {
  const compilerOptions = { strict: true, noEmit: true, target: "es2022", types: [], ...options };
  writeFileSync(path.join(folder, "tsconfig.json"), JSON.stringify({ files, compilerOptions }));
  const tsc = path.join(root, "node_modules/typescript/bin/tsc");
  return spawnSync(process.execPath, [tsc, "-p", folder], { cwd: folder, encoding: "utf8" }).stdout;
}
