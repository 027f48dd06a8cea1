import { readdirSync } from "node:fs";
import path from "node:path";

/**
 * Kind of a test file. It runs in Node, in a page, in Node with a browser that visits a running site, or in Node with
 * the packed packages.
 */
export type Suite = "node" | "browser" | "site" | "packages";

/** All suites, in the order in which they start: long files first, so that all lanes end at about the same time. */
export const suites: readonly Suite[] = ["packages", "browser", "site", "node"];

/** Returns the suite of a test file, which is a path from the repository's top with `/`. */
export function suiteOf(file: string): Suite {
  if (file.startsWith("test/packages/")) return "packages";
  if (/^(demo\/test\/site|test\/(engines|live))\//.test(file)) return "site";
  if (!file.startsWith("components/test/")) return "node";
  return /^components\/test\/(protocol|ssr)\//.test(file) ? "node" : "browser";
}

/**
 * Returns all test files of the repository at `root`, as paths from its top with `/`: folders with long files first, so
 * that no long file is left over for the end.
 */
export function findTestFiles(root: string): string[] {
  const folders = [
    "test",
    "demo/test",
    "components/test",
    "generators/test",
    "bench/test",
    "adapter-koa/test",
  ];
  return folders
    .flatMap((folder) => filesUnder(root, folder))
    .filter((file) => file.endsWith(".test.ts"));
}

/** Returns every file below `folder` of `root`, sorted, as paths from `root` with `/`. A missing folder has none. */
export function filesUnder(root: string, folder: string): string[] {
  let entries: string[];
  try {
    entries = readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" });
  } catch {
    return [];
  }
  return entries.map((entry) => `${folder}/${entry.split(path.sep).join("/")}`).sort();
}
