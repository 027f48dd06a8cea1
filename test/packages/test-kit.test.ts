import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { createProject, pinned } from "./support/project.js";
import { useRelease } from "./support/release.js";

/** Arguments that make each test runner run one file. */
const runners = {
  "node:test": ["--test", "--test-reporter=tap", "node.test.js"],
  Vitest: ["node_modules/vitest/vitest.mjs", "run", "vitest.test.js"],
  Jest: ["--experimental-vm-modules", "node_modules/jest/bin/jest.js", "jest.test.js"],
};

describe("the test kit, installed", { timeout: 170_000 }, () => {
  const folder = mkdtempSync(path.join(tmpdir(), "test-kit-"));
  const project = path.join(folder, "project");
  const release = useRelease();

  before(async () => {
    mkdirSync(project);
    const tarballs = release().tarballs.filter((file) =>
      /live-session-(components|adapter)/.test(file),
    );
    const others = ["koa", "koa-session", "lit"].map(pinned);
    // The newest Vitest that runs on the oldest Node we support.
    const source = path.join(import.meta.dirname, "test-kit");
    await createProject(project, source, [...tarballs, ...others, "vitest@4.1.12", "jest@30.5.2"]);
  });
  after(() => rmSync(folder, { recursive: true }));

  const run = (args: readonly string[], env: NodeJS.ProcessEnv = {}) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, args, {
      cwd: project,
      encoding: "utf8",
      env: { ...process.env, NODE_TEST_CONTEXT: undefined, NODE_OPTIONS: undefined, ...env },
    });
    return { status, output: stdout + stderr };
  };

  for (const [name, args] of Object.entries(runners)) {
    it(`passes under ${name}`, () => {
      const { status, output } = run(args);
      assert.equal(status, 0, output);
      assert.match(output, /pass\w*:? +2|2 passed/, output);
    });

    it(`fails under ${name} with its own message`, () => {
      const { status, output } = run(args, { FAIL: "1" });
      assert.notEqual(status, 0);
      assert.match(output, /no element matches/);
      assert.match(output, /Candidates/);
    });
  }
});
