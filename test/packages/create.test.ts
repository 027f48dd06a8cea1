import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { filesUnder } from "../../scripts/test-runner/test-files.js";
import { unpackRelease } from "./support/installed-release.js";
import { useRelease } from "./support/release.js";
import { Terminal } from "./support/terminal.js";

const root = path.resolve(import.meta.dirname, "../..");
const { packages } = JSON.parse(readFileSync(path.join(root, "package-lock.json"), "utf8"));

describe("npm create live-session", { timeout: 170_000 }, () => {
  const release = useRelease();
  let folder: string;

  before(() => {
    folder = unpackRelease(release(), "created");
  });
  after(() => rmSync(folder, { recursive: true }));

  const terminal = new Terminal();
  const create = (...args: string[]) =>
    terminal.run(folder, process.execPath, "node_modules/create-live-session/dist/cli.js", ...args);
  const read = (file: string) => readFileSync(path.join(folder, file), "utf8");

  it("creates an app that passes its own lint, types and tests", () => {
    const { status, output } = create("shop-admin", "--yes", "--no-install");
    assert.equal(status, 0, output);
    assert.match(output, /cd shop-admin && npm install && npm run dev/);
    for (const script of ["lint", "types", "test"]) {
      const { status, output } = terminal.run(
        path.join(folder, "shop-admin"),
        "npm",
        "run",
        script,
      );
      assert.equal(status, 0, output);
      if (script === "test") assert.match(output, /fail 0\n.* cancelled 0\n.* skipped 0/);
    }
  });

  it("gives the app its own names", () => {
    assert.equal(JSON.parse(read("shop-admin/package.json")).name, "shop-admin");
    assert.match(read("shop-admin/README.md"), /^# Shop admin\n/);
    assert.match(read("shop-admin/src/config.ts"), /data\/shop-admin\.sqlite/);
    assert.match(read("shop-admin/src/app.ts"), /key: "shop_admin"/);
    assert.ok(existsSync(path.join(folder, "shop-admin/.gitignore")));
    for (const file of filesUnder(folder, "shop-admin").filter((file) => /\.\w+$/.test(file))) {
      if (!statSync(path.join(folder, file)).isFile()) continue;
      assert.doesNotMatch(read(file), /my.app|demo/i, file);
      assert.doesNotMatch(file, /\.template$/);
    }
  });

  it("creates an app whose server requires no mail server in production", () => {
    const config = read("shop-admin/src/config.ts");
    assert.equal(config.match(/SMTP_URL: /g)?.length, 1);
  });

  it("creates an app for MySQL with its driver and its tests", () => {
    assert.equal(create("on-mysql", "--yes", "--no-install", "--database", "mysql").status, 0);
    const { dependencies } = JSON.parse(read("on-mysql/package.json"));
    assert.equal(dependencies.mysql2, `^${packages["node_modules/mysql2"].version}`);
    assert.ok(!("better-sqlite3" in dependencies));
    assert.match(read("on-mysql/.env"), /^DATABASE_URL=mysql:\/\/.*\/on_mysql$/m);
    assert.match(read("on-mysql/test/support/test-database.ts"), /mysql2/);
    for (const script of ["lint", "types"]) {
      const { status, output } = terminal.run(path.join(folder, "on-mysql"), "npm", "run", script);
      assert.equal(status, 0, output);
    }
  });

  it("refuses a folder that is not empty", () => {
    mkdirSync(path.join(folder, "full"));
    writeFileSync(path.join(folder, "full/notes.txt"), "keep me");
    const { status, output } = create("full", "--yes", "--no-install");
    assert.equal(status, 1);
    assert.match(output, /the folder full is not empty: it contains notes\.txt/);
    assert.ok(!existsSync(path.join(folder, "full/package.json")));
  });

  const wrong: [args: string[], message: RegExp][] = [
    [["My App"], /the name of the app is not valid\n.*Expected: lower-case/],
    [["node_modules/node_modules"], /the name "node_modules" is reserved/],
    [["one", "two"], /there is more than one folder/],
    [["one", "--database", "oracle"], /Expected: sqlite or mysql/],
    [["one", "--fast"], /Unknown option '--fast'/],
  ];
  for (const [args, message] of wrong) {
    it(`refuses the arguments ${args.join(" ")}`, () => {
      const { status, output } = create(...args, "--yes", "--no-install");
      assert.equal(status, 1);
      assert.match(output, message);
    });
  }
});

describe("the template of new apps", () => {
  const template = JSON.parse(
    readFileSync(path.join(root, "create/template/package.json.template"), "utf8"),
  );

  it("requires the versions that this repository tests", () => {
    const ranges: Record<string, string> = {
      ...template.dependencies,
      ...template.devDependencies,
    };
    for (const [name, range] of Object.entries(ranges)) {
      if (/live-session/.test(name)) continue;
      const { version } = packages[`demo/node_modules/${name}`] ?? packages[`node_modules/${name}`];
      assert.equal(range, `^${version}`, name);
    }
  });
});
