import { readdirSync } from "node:fs";
import path from "node:path";

/** Where a test file runs: in Node, in a page, or in Node with a Chromium that visits a running site. */
export type Suite = "node" | "browser" | "site";

/** The suites in the order in which they run. */
export const suites: readonly Suite[] = ["node", "browser", "site"];

/** The suite to which a test file, as a path from the repository's top with `/`, belongs. */
export function suiteOf(file: string): Suite {
  if (/^(demo\/test\/site|test\/(live|packages))\//.test(file)) return "site";
  if (!file.startsWith("components/test/")) return "node";
  return /^components\/test\/(protocol|ssr)\//.test(file) ? "node" : "browser";
}

/** All test files of the repository at `root`, sorted, as paths from its top with `/`. */
export function findTestFiles(root: string): string[] {
  const folders = ["test", "components/test", "adapter-koa/test", "demo/test", "bench/test"];
  return folders
    .flatMap((folder) => filesUnder(root, folder))
    .filter((file) => file.endsWith(".test.ts"));
}

/** Every file below `folder` of `root`, sorted, as paths from `root` with `/`; none if there is no such folder. */
export function filesUnder(root: string, folder: string): string[] {
  let entries: string[];
  try {
    entries = readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" });
  } catch {
    return [];
  }
  return entries.map((entry) => `${folder}/${entry.split(path.sep).join("/")}`).sort();
}
