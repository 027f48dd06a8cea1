import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { parseSync } from "oxc-parser";
import { engines } from "../scripts/engines/engine.js";
import { filesUnder, findTestFiles, suiteOf } from "../scripts/test-runner/test-files.js";

const root = path.resolve(import.meta.dirname, "..");
const packages = ["components", "adapter-koa", "create", "generators", "demo"];
const read = (file: string) => readFileSync(path.join(root, file), "utf8");
const typescriptUnder = (folder: string) =>
  filesUnder(root, folder).filter((file) => /^(?!.*\/node_modules\/).*\.ts$/.test(file));

describe("the repository", () => {
  it("has no folder with more than 17 source files", () => {
    const counts = new Map<string, number>();
    const folders = packages.flatMap((name) => [`${name}/src`, `${name}/test`]);
    for (const file of [...folders, "bench", "scripts", "test"].flatMap(typescriptUnder)) {
      const folder = path.posix.dirname(file);
      counts.set(folder, (counts.get(folder) ?? 0) + 1);
    }
    assert.deepEqual(
      [...counts].filter(([, count]) => count > 17),
      [],
    );
  });

  it("has a doc comment on every name that a module exports", () => {
    const sources = packages.flatMap((name) => typescriptUnder(`${name}/src`));
    const bare = sources.flatMap((file) =>
      undocumentedExports(read(file)).map((name) => `${file}: ${name}`),
    );
    assert.deepEqual(bare, []);
    assert.deepEqual(
      undocumentedExports("/** Documented. */\nexport const a = 1;\nexport const b = 2;"),
      ["b"],
    );
  });

  it("has no picture of 100 KB or more", () => {
    const pictures = filesUnder(root, "docs/images");
    assert.ok(pictures.length > 0);
    const heavy = pictures.filter((file) => statSync(path.join(root, file)).size >= 100_000);
    assert.deepEqual(heavy, []);
  });

  it("has every script that its documents mention", () => {
    const { scripts } = JSON.parse(read("package.json"));
    // Some documents describe apps that create-live-session has written.
    const app = JSON.parse(read("create/template/package.json.template"));
    const folders = [".", "components", "adapter-koa", "demo", "docs", "bench"];
    const pages = folders
      .flatMap((folder) => readdirSync(path.join(root, folder)).map((name) => `${folder}/${name}`))
      .filter((file) => file.endsWith(".md"));
    const missing = pages.flatMap((page) =>
      [...read(page).matchAll(/\bnpm run ([\w:-]+)/g)]
        .filter(
          ([, script]) => script !== undefined && !(script in scripts || script in app.scripts),
        )
        .map(([command]) => `${page}: ${command}`),
    );
    assert.deepEqual(missing, []);
    assert.ok(scripts.start && scripts.test);
  });

  it("runs npm test in all engines in CI", () => {
    const options = engines.map((engine) => ` --engine=${engine}`).join("");
    assert.ok(read(".ci/run").endsWith(`\nexec npm test --${options}\n`));
    if (process.platform !== "win32") assert.ok(statSync(path.join(root, ".ci/run")).mode & 0o100);
  });

  it("has tests in each suite", () => {
    assert.deepEqual(
      new Set(findTestFiles(root).map(suiteOf)),
      new Set(["node", "browser", "site", "packages"]),
    );
  });
});

/** Returns the exported names of a module that have no doc comment. One overload of a function needs a comment. */
function undocumentedExports(code: string): string[] {
  const { program, comments } = parseSync("module.ts", code);
  const names = new Map<string, boolean>();
  for (const node of program.body) {
    if (node.type !== "ExportNamedDeclaration" || !node.declaration) continue;
    const { declaration, start } = node;
    const declared =
      declaration.type === "VariableDeclaration" ? declaration.declarations : [declaration];
    // A directive of the linter may follow the doc comment.
    const isDocumented = comments.some(
      ({ type, value, end }) =>
        type === "Block" &&
        value.startsWith("*") &&
        /^(\s|\/\/.*)*$/.test(code.slice(Math.min(end, start), start)) &&
        end <= start,
    );
    for (const { id } of declared as { id?: { name?: string } | null }[]) {
      const name = id?.name ?? "";
      names.set(name, isDocumented || names.get(name) === true);
    }
  }
  return [...names].filter(([, isDocumented]) => !isDocumented).map(([name]) => name);
}

for (const name of ["components", "adapter-koa"]) {
  const page = `${name}/README.md`;
  const skip = !existsSync(path.join(root, page)) && `there is no ${page} yet`;
  const codesIn = (text: string) => text.match(/\bLIVE_ERR_[A-Z_]+\b/g) ?? [];

  describe(`the error codes of ${name}`, () => {
    const codes = [
      ...new Set(typescriptUnder(`${name}/src`).flatMap((file) => codesIn(read(file)))),
    ].sort();

    it("are the rows of the table in its README", { skip }, () => {
      const section =
        read(page)
          .split(/^## /m)
          .find((text) => text.startsWith("Error codes\n")) ?? "";
      const rows = section
        .split("\n")
        .flatMap((line) => /^\| *`(LIVE_ERR_[A-Z_]+)`/.exec(line)?.[1] ?? []);
      assert.deepEqual(rows.sort(), codes);
    });

    it("are each tested", () => {
      const tested = new Set(
        typescriptUnder(`${name}/test`).flatMap((file) => codesIn(read(file))),
      );
      assert.deepEqual(
        codes.filter((code) => !tested.has(code)),
        [],
      );
    });
  });
}
