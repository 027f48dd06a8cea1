import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import path from "node:path";
import type { Release } from "../../../scripts/release.js";

const root = path.resolve(import.meta.dirname, "../../..");
const packages = {
  "live-session-components": "@live-session/components",
  "live-session-adapter-koa": "@live-session/adapter-koa",
  "create-live-session": "create-live-session",
  "live-session": "live-session",
};

/**
 * Unpacks the packages of a release into a new folder beside it, as if they were installed there. All other packages
 * are those of the repository, which contains the folder, so that nothing is downloaded.
 *
 * @returns the folder
 */
export function unpackRelease({ workspace, tarballs }: Release, name: string): string {
  const folder = path.join(path.dirname(workspace), name);
  const modules = path.join(folder, "node_modules");
  for (const [prefix, packageName] of Object.entries(packages)) {
    const tarball = tarballs.find((file) => path.basename(file).startsWith(`${prefix}-0`));
    const target = path.join(modules, packageName);
    mkdirSync(target, { recursive: true });
    execFileSync("tar", ["-xzf", tarball ?? "", "-C", target, "--strip-components=1"]);
  }
  // Packages that npm has installed below a workspace, because another one needs another version.
  link("adapter-koa/node_modules", path.join(modules, "@live-session/adapter-koa/node_modules"));
  link("generators/node_modules", path.join(modules, "live-session/node_modules"));
  link("demo/node_modules/zod", path.join(modules, "zod"));
  return folder;
}

function link(target: string, at: string): void {
  symlinkSync(path.join(root, target), at, "junction");
}
