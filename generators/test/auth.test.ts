import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, afterEach, beforeEach, describe, it } from "node:test";
import { createApp } from "../../create/src/create-app.js";
import { parseArguments } from "../src/arguments.js";
import { authFiles } from "../src/auth/auth-files.js";
import { packages } from "../src/auth/edit-package.js";
import { generate } from "../src/generate.js";
import { GenerateError } from "../src/generate-error.js";

const demo = path.resolve(import.meta.dirname, "../../demo");
const root = path.resolve(demo, "..");

describe("gen auth", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "gen-auth-"));
  const app = path.join(folder, "live-sessions");
  beforeEach(() => {
    createApp({ folder: app, database: "sqlite", shared: path.join(demo, "src") });
  });
  afterEach(() => rmSync(app, { recursive: true }));
  after(() => rmSync(folder, { recursive: true }));

  const gen = (...args: string[]) =>
    generate(parseArguments(["gen", "auth", ...args]), {
      root: app,
      templates: demo,
      liveTemplates: path.join(root, "generators/templates"),
    });
  const read = (file: string, from = app) => readFileSync(path.join(from, file), "utf8");

  it("writes the demo's own files", () => {
    gen("Accounts", "User", "users");
    const files = authFiles.filter((file) => !file.endsWith("/"));
    assert.ok(files.length > 30);
    for (const file of [...files, "src/accounts/accounts.ts", "src/web/session/user-session.ts"])
      assert.equal(read(file), read(file, demo), file);
  });

  it("adds the migrations, the services, the middleware, the routes and the menu", () => {
    gen("Accounts", "User", "users");
    const expected: [file: string, ...parts: string[]][] = [
      [
        "src/migrations/migrations.ts",
        "_create_users",
        "_create_users_tokens",
        "_add_users_tokens_details",
      ],
      ["src/config.ts", "SECRET: secrets, SMTP_URL:"],
      [
        "src/app.ts",
        "createUserServices({",
        "resumeSession(users.userSession)",
        "staleForms(users)",
      ],
      ["src/web/router.ts", "addUserRoutes(live, users);", "users.auth.hooks.mountCurrentUser"],
      ["src/web/layouts/app-layout.ts", "userMenu({ currentUser, activeNav, csrfToken })"],
      ["src/web/hooks/active-tab.ts", 'UserLoginLive: "login"'],
      ["package.json", '"@node-rs/argon2": "^'],
    ];
    for (const [file, ...parts] of expected)
      for (const part of parts) assert.ok(read(file).includes(part), `${file}: ${part}`);
    assert.doesNotMatch(read("src/app.ts"), /csrf/);
  });

  it("puts the login by mail first with --magic-link", () => {
    gen("Accounts", "User", "users", "--magic-link");
    assert.match(read("src/web/live/user-login-live.ts"), /^const mailFirst = true;$/m);
  });

  it("writes plain pages with --no-live", () => {
    const report = gen("Accounts", "User", "users", "--no-live");
    assert.equal(read("src/web/user-routes.ts").match(/^ +connect: false,$/gm)?.length, 3);
    assert.doesNotMatch(read("src/web/live/settings/sudo-dialog.ts"), /noscript/);
    assert.doesNotMatch(report, /test\/web\/live/);
  });

  it("reports that there is nothing to do the second time", () => {
    gen("Accounts", "User", "users");
    const text = read("src/app.ts");
    assert.match(gen("Accounts", "User", "users"), /^There is nothing to do/);
    assert.equal(read("src/app.ts"), text);
  });

  it("shows files and changes without writing them with --dry-run", () => {
    const before = read("src/app.ts");
    const report = gen("Accounts", "User", "users", "--dry-run");
    assert.match(report, /create {2}src\/accounts\/accounts\.ts\n/);
    assert.match(report, /^\+ {2}const users = createUserServices\(\{$/m);
    assert.match(report, /Nothing was written/);
    assert.equal(read("src/app.ts"), before);
    assert.throws(() => read("src/accounts/accounts.ts"), /ENOENT/);
  });

  it("keeps a file that differs, unless --force overwrites it", () => {
    gen("Accounts", "User", "users");
    writeFileSync(path.join(app, "src/accounts/accounts.ts"), "// my own\n");
    assert.match(
      gen("Accounts", "User", "users"),
      /keep {2}src\/accounts\/accounts\.ts \(it differs/,
    );
    assert.equal(read("src/accounts/accounts.ts"), "// my own\n");
    gen("Accounts", "User", "users", "--force");
    assert.match(read("src/accounts/accounts.ts"), /createAccounts/);
  });

  it("refuses a context that something else has, unless --force overwrites it", () => {
    mkdirSync(path.join(app, "src/accounts"));
    writeFileSync(path.join(app, "src/accounts/accounts.ts"), "// my own\n");
    assert.throws(() => gen("Accounts", "User", "users"), /Got: src\/accounts\/accounts\.ts/);
    assert.throws(() => read("src/accounts/users/user.ts"), /ENOENT/);
    gen("Accounts", "User", "users", "--force");
    assert.match(read("src/accounts/accounts.ts"), /createAccounts/);
  });

  it("changes nothing in a file of another form, and prints what to add", () => {
    const router = 'import { live } from "./my-framework.js";\nexport const routes = live();\n';
    writeFileSync(path.join(app, "src/web/router.ts"), router);
    const report = gen("Accounts", "User", "users");
    assert.match(report, /src\/web\/router\.ts has another form\. Add to it:\n\n {2}addUserRoutes/);
    assert.equal(read("src/web/router.ts"), router);
  });

  it("prints all edits in an app without the files of create-live-session", () => {
    for (const file of ["src", "test"]) rmSync(path.join(app, file), { recursive: true });
    const report = gen("Accounts", "User", "users");
    for (const file of ["src/app.ts", "src/web/router.ts", "src/web/layouts/app-layout.ts"])
      assert.ok(report.includes(`${file} has another form`), file);
    assert.match(read("src/database.ts"), /createDatabase/);
  });

  it("names everything after its arguments", () => {
    const report = gen("Shop", "StoreOwner", "store_owners");
    assert.match(report, /src\/shop\/store-owners\/store-owner-token\.ts/);
    assert.match(read("src/migrations/create-store-owners.ts"), /"store_owners"/);
    assert.match(read("src/web/store-owner-routes.ts"), /"\/store_owners\/log_in"/);
    assert.match(read("src/web/live/store-owner-login-live.ts"), /storeOwnerLoginLive/);
    const written = report.match(/(?<=create {2})\S+/g) ?? [];
    assert.ok(written.length > 50);
    for (const file of written)
      assert.doesNotMatch(read(file), /\b[Uu]sers?\b(?!@|:password|-Agent)|currentUser/, file);
  });

  const wrong: [args: string[], message: RegExp][] = [
    [[], /the name of the context is not valid\nExpected: .*\nGot: nothing/],
    [["accounts", "User", "users"], /context is not valid/],
    [["Accounts", "user", "users"], /schema is not valid/],
    [["Accounts", "User", "Users"], /table is not valid/],
    [["Accounts", "User", "user"], /the table and the schema have the same name/],
    [["Accounts", "User", "users", "--fast"], /Unknown option/],
  ];
  for (const [args, message] of wrong) {
    it(`refuses the arguments "${args.join(" ")}"`, () => {
      assert.throws(
        () => gen(...args),
        (error) => error instanceof GenerateError && message.test(error.message),
      );
    });
  }

  it("requires the versions that this repository tests", () => {
    const { packages: installed } = JSON.parse(read("package-lock.json", root));
    const ranges = { ...packages.dependencies, ...packages.devDependencies };
    for (const [name, range] of Object.entries(ranges))
      assert.equal(range, `^${installed[`node_modules/${name}`].version}`, name);
  });
});
