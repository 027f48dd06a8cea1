import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const workspaces = {
  components: "@live-session/components",
  "adapter-koa": "@live-session/adapter-koa",
  create: "create-live-session",
  generators: "live-session",
};

/** Environment variable with the folder of the release that the tests of the packages share. */
export const releaseVariable = "RELEASE_FOLDER";

/** Copy of the repository with its packages, packed. */
export interface Release {
  /** The copy. Commands that build it do not touch folders that other tests read. */
  readonly workspace: string;
  /** Paths of the packed packages. */
  readonly tarballs: readonly string[];
}

/** Whether each package builds itself when it is packed, and the demo when it starts, as they do for their users. */
export const buildsEach = process.env.TEST_ALL === "1";

/**
 * Copies the repository into a folder and packs all packages there. Unless `buildsEach` is set, the build of `npm start`
 * serves the packages and the demo, because a build takes many seconds.
 */
export async function makeRelease(): Promise<string> {
  // Inside the repository, so that the copy finds the installed packages.
  mkdirSync("dist", { recursive: true });
  const folder = mkdtempSync(path.resolve("dist", "release-"));
  try {
    const { workspace, tarballs } = foldersOf(folder);
    copyRepository(workspace);
    mkdirSync(tarballs);
    const names = Object.keys(workspaces).flatMap((name) => ["-w", name]);
    const shell = process.platform === "win32"; // On Windows npm is a batch file.
    if (!buildsEach) await run("npm", ["run", "-s", "build"], { cwd: workspace, shell });
    const flags = buildsEach ? [] : ["--ignore-scripts"];
    const args = ["pack", ...names, ...flags, "--pack-destination", tarballs];
    await run("npm", args, { cwd: workspace, shell });
  } catch (error) {
    removeRelease(folder);
    throw error;
  }
  return folder;
}

/** Deletes the folder of a release. */
export function removeRelease(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

/** Returns the release in a folder. */
export function releaseIn(folder: string): Release {
  const { workspace, tarballs } = foldersOf(folder);
  return { workspace, tarballs: readdirSync(tarballs).map((file) => path.join(tarballs, file)) };
}

function foldersOf(folder: string): { workspace: string; tarballs: string } {
  return { workspace: path.join(folder, "workspace"), tarballs: path.join(folder, "tarballs") };
}

function copyRepository(workspace: string): void {
  const left = /(^|[\\/])(node_modules|dist|coverage|\.git|data)$/;
  for (const name of readdirSync(".").filter((name) => !left.test(name)))
    cpSync(name, path.join(workspace, name), {
      recursive: true,
      filter: (file) => !left.test(file),
    });
  for (const name of ["adapter-koa", "generators", "demo", "scripts/typedoc"])
    symlinkSync(path.resolve(name, "node_modules"), path.join(workspace, name, "node_modules"));
  mkdirSync(path.join(workspace, "node_modules/@live-session"), { recursive: true });
  // Its build does not minify and analyze the same sources again.
  mkdirSync("node_modules/.cache", { recursive: true });
  symlinkSync(path.resolve("node_modules/.cache"), path.join(workspace, "node_modules/.cache"));
  for (const [name, packageName] of Object.entries(workspaces))
    symlinkSync(path.join(workspace, name), path.join(workspace, "node_modules", packageName));
}
