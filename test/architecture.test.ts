import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { filesUnder } from "../scripts/test-runner/test-files.js";

const root = path.resolve(import.meta.dirname, "..");
const architecture = readFileSync(path.join(root, "ARCHITECTURE.md"), "utf8");

/** Returns the paths in the tree of a folder. A line begins with one or more names, indented by the depth of its folder. */
function treeOf(folder: string): string[] {
  const section = architecture.split(`\n### ${folder}\n`)[1] ?? "";
  const tree = section.split("```")[1] ?? "";
  const parents: string[] = [];
  return tree.split("\n").flatMap((line) => {
    const depth = line.search(/\S/) / 2;
    const words = line.trim().split(/\s+/);
    const end = words.findIndex((word) => !/^[\w-]+(\.ts|\/)$/.test(word));
    const names = end < 0 ? words : words.slice(0, end);
    const paths = names.map((name) => [...parents.slice(0, depth), name].join(""));
    const last = names.at(-1);
    if (last?.endsWith("/")) parents.splice(depth, Number.POSITIVE_INFINITY, last);
    return paths;
  });
}

for (const folder of ["components/src", "adapter-koa/src"]) {
  describe(`the tree of ${folder} in ARCHITECTURE.md`, () => {
    const tree = treeOf(folder);

    it("names only files and folders that exist", () => {
      assert.ok(tree.length > 50, "the tree was found");
      assert.deepEqual(
        tree.filter((name) => !existsSync(path.join(root, folder, name))),
        [],
      );
    });

    it("names every source file, or its folder without any of the folder's files", () => {
      const whole = tree.filter(
        (name) =>
          name.endsWith("/") && !tree.some((other) => other !== name && other.startsWith(name)),
      );
      const files = filesUnder(root, folder).map((file) => file.slice(folder.length + 1));
      const missing = files.filter(
        (file) =>
          file.endsWith(".ts") &&
          !tree.includes(file) &&
          !whole.some((name) => file.startsWith(name)),
      );
      assert.deepEqual(missing, []);
    });
  });
}
