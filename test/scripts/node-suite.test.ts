import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";

const suite = new URL("../../scripts/node-suite.ts", import.meta.url).href;

describe("runNodeSuite", () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), "node-suite-test-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  /** What the suite says of one test file, in a process that is no test itself: a test runs no other tests. */
  async function run(code: string): Promise<{ tally: unknown; output: string }> {
    const [file, main] = [path.join(folder, "a.test.mjs"), path.join(folder, "main.mjs")];
    writeFileSync(file, `import { before, describe, it, test } from "node:test"; ${code}`);
    writeFileSync(
      main,
      `import { runNodeSuite } from ${JSON.stringify(suite)};
      console.log(JSON.stringify(await runNodeSuite([${JSON.stringify(file)}])));`,
    );
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", main], {
      env,
    });
    const lines = stdout.trimEnd().split("\n");
    return { tally: JSON.parse(lines.pop() ?? ""), output: lines.join("\n") };
  }

  it("counts the tests that passed, failed and were skipped, and shows what failed", async () => {
    const { tally, output } = await run(`
      import assert from "node:assert";
      console.log("something was written");
      describe("sums", () => {
        it("are right", () => {});
        it("are wrong", () => { assert.equal(1 + 1, 3); });
        it.skip("are skipped");
      });
      test("on top", () => {});`);
    assert.deepEqual(tally, { passed: 2, failed: 1, skipped: 1 });
    assert.match(output, /✖ .*a\.test\.mjs \(3 run, 1 skipped\)/);
    assert.match(output, /✖ sums › are wrong\n.*AssertionError/);
    assert.match(output, /something was written/);
  });

  it("shows one line for a file in which all tests pass", async () => {
    const { tally, output } = await run('console.log("silence"); test("passes", () => {});');
    assert.deepEqual(tally, { passed: 1, failed: 0, skipped: 0 });
    assert.match(output, /^✔ .*a\.test\.mjs \(1 run\) \d+ ms$/);
  });

  const failing: [what: string, code: string, shown: RegExp][] = [
    ["has no test", "", /ran no test/],
    ["throws before its tests", 'throw new Error("at once");', /at once/],
    [
      "throws after its tests",
      'test("a", () => { setTimeout(() => { throw new Error("late"); }); });',
      /late/,
    ],
    ["exits in a test", 'test("a", () => { process.exit(0); });', /ran no test/],
    [
      "has a hook that fails",
      'describe("a", () => { before(() => { throw new Error("b"); }); });',
      /Error: b/,
    ],
  ];
  for (const [what, code, shown] of failing) {
    it(`counts a file that ${what} as failed`, async () => {
      const { tally, output } = await run(code);
      assert.equal((tally as { failed: number }).failed, 1);
      assert.match(output, shown);
    });
  }
});
