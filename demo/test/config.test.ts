import assert from "node:assert/strict";
import { isAbsolute } from "node:path";
import { describe, it } from "node:test";
import { ConfigError, readConfig } from "../src/config.js";

const production = {
  NODE_ENV: "production",
  SECRET: "s".repeat(32),
  APP_URL: "https://example.com",
  SMTP_URL: "smtps://user:pass@mail.example.com",
};

function problemsOf(env: Record<string, string | undefined>): readonly string[] {
  try {
    readConfig(env);
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    for (const problem of error.problems) assert.ok(error.message.includes(problem));
    return error.problems;
  }
  assert.fail("the configuration was accepted");
}

describe("readConfig in development", () => {
  it("needs no variables", () => {
    const { secrets, database, ...config } = readConfig({});
    assert.deepEqual(config, {
      environment: "development",
      host: "127.0.0.1",
      port: 4000,
      appUrl: "http://localhost:4000",
      smtpUrl: null,
      dashboard: true,
    });
    assert.ok(database.client === "sqlite");
    assert.ok(isAbsolute(database.file));
    assert.match(database.file, /demo\/data\/demo\.sqlite$/);
    assert.match(secrets[0], /^.{32,}$/);
  });

  it("creates a different secret each time", () => {
    assert.notEqual(readConfig({}).secrets[0], readConfig({}).secrets[0]);
  });

  it("treats an empty variable as missing", () => {
    const config = readConfig({
      NODE_ENV: "",
      PORT: "",
      DATABASE_URL: "",
      SMTP_URL: "",
      APP_URL: "",
      SECRET: "",
    });
    assert.equal(config.port, 4000);
    assert.equal(config.environment, "development");
  });

  it("builds links with the port", () => {
    assert.equal(readConfig({ PORT: "8080" }).appUrl, "http://localhost:8080");
  });
});

describe("readConfig in production", () => {
  it("reads all variables", () => {
    const config = readConfig({
      ...production,
      PORT: "80",
      DATABASE_URL: "mysql://root@db:3306/demo",
    });
    assert.deepEqual(config, {
      environment: "production",
      host: undefined,
      port: 80,
      appUrl: "https://example.com",
      secrets: ["s".repeat(32)],
      database: { client: "mysql", url: "mysql://root@db:3306/demo" },
      smtpUrl: "smtps://user:pass@mail.example.com",
      dashboard: false,
    });
    assert.ok(readConfig({ ...production, DASHBOARD: "on" }).dashboard);
  });

  it("lists all missing variables", () => {
    assert.deepEqual(problemsOf({ NODE_ENV: "production" }), [
      "APP_URL: is required in production",
      "SECRET: is required in production",
      "SMTP_URL: is required in production",
    ]);
  });

  it("lists missing and invalid variables together", () => {
    const problems = problemsOf({
      ...production,
      SECRET: undefined,
      PORT: "http",
      SMTP_URL: "mail.example.com",
    });
    assert.deepEqual(problems.map((problem) => problem.split(":")[0]).sort(), [
      "PORT",
      "SECRET",
      "SMTP_URL",
    ]);
  });
});

describe("readConfig", () => {
  it("reads several secrets, the signing one first", () => {
    const [one, two] = ["1".repeat(32), "2".repeat(40)];
    assert.deepEqual(readConfig({ SECRET: `${one}, ${two}` }).secrets, [one, two]);
  });

  it("uses a database file unless a database server is configured", () => {
    const file = { DATABASE_FILE: "data/other.sqlite" };
    assert.deepEqual(readConfig(file).database, { client: "sqlite", file: "data/other.sqlite" });
    const both = { ...file, DATABASE_URL: "mysql://root@127.0.0.1/demo" };
    assert.deepEqual(readConfig(both).database, {
      client: "mysql",
      url: "mysql://root@127.0.0.1/demo",
    });
  });

  it("removes the trailing slash of APP_URL", () => {
    assert.equal(
      readConfig({ APP_URL: "https://example.com/demo/" }).appUrl,
      "https://example.com/demo",
    );
  });

  const bad: [variable: string, value: string, message: RegExp][] = [
    ["NODE_ENV", "prod", /development, test or production/],
    ["PORT", "-1", /0 to 65535/],
    ["PORT", "65536", /0 to 65535/],
    ["PORT", "80.5", /0 to 65535/],
    ["PORT", "4000abc", /0 to 65535/],
    ["APP_URL", "example.com", /https:\/\/example\.com/],
    ["APP_URL", "ftp://example.com", /https:\/\/example\.com/],
    ["APP_URL", "https://example.com/?a=1", /neither a query nor a fragment/],
    ["SECRET", "short", /at least 32 characters/],
    ["SECRET", `${"s".repeat(32)},`, /at least 32 characters/],
    ["DATABASE_URL", "postgres://localhost/demo", /mysql:\/\//],
    ["DATABASE_URL", "no url", /mysql:\/\//],
    ["DATABASE_URL", "mysql://root@localhost", /must name a database/],
    ["SMTP_URL", "https://mail.example.com", /smtps:\/\//],
  ];
  for (const [variable, value, message] of bad) {
    it(`refuses ${variable}=${value}`, () => {
      const problems = problemsOf({ [variable]: value });
      assert.equal(problems.length, 1);
      assert.match(problems[0]!, message);
      assert.ok(problems[0]!.startsWith(`${variable}: `));
    });
  }

  it("does not show values in a message", () => {
    const values = {
      SECRET: "hunter2",
      DATABASE_URL: "postgres://root:hunter2@db/demo",
      SMTP_URL: "hunter2",
    };
    assert.doesNotMatch(problemsOf(values).join("\n"), /hunter2/);
  });
});
