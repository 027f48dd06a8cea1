import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";

const root = path.resolve(import.meta.dirname, "../..");

describe("the reference", () => {
  let folder: string;
  const read = (file: string) => readFileSync(path.join(folder, file), "utf8");

  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), "reference-test-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  it("is generated without a warning", () => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ["--import", "tsx", "scripts/reference.ts", folder],
      { cwd: root, encoding: "utf8" },
    );
    assert.equal(stderr, "");
    assert.equal(status, 0, stdout);
    assert.doesNotMatch(stdout, /warning|error/i);
    assert.match(read("modules/adapter-koa_src.html"), /createLive/);
    assert.match(read("elements.md"), /^## `<live-session>`$/m);
  });
});
