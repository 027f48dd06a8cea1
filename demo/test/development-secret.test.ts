import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { withDevelopmentSecret } from "../src/development-secret.js";

describe("withDevelopmentSecret", () => {
  let directory: string;
  let file: string;
  before(() => {
    directory = mkdtempSync(join(tmpdir(), "demo-secret-"));
    file = join(directory, "data", "secret");
  });
  after(() => rmSync(directory, { recursive: true, force: true }));

  it("adds no secret in production", () => {
    const env = { NODE_ENV: "production" };
    assert.equal(withDevelopmentSecret(env, file), env);
  });

  it("keeps a configured secret", () => {
    const env = { SECRET: "s".repeat(32) };
    assert.equal(withDevelopmentSecret(env, file), env);
  });

  it("returns the same secret after a restart", () => {
    const first: Record<string, string | undefined> = withDevelopmentSecret({ SECRET: "" }, file);
    const second: Record<string, string | undefined> = withDevelopmentSecret({}, file);
    assert.match(first.SECRET ?? "", /^[\w-]{43}$/);
    assert.equal(second.SECRET, first.SECRET);
  });

  it("stores only the secret, readable by the owner only", () => {
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(join(directory, "data")), ["secret"]);
  });
});
