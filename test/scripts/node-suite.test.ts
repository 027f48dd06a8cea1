import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { type CompiledTests, compileTests } from "../../scripts/compile-tests.js";
import { type FileResult, formatFailures, formatFile } from "../../scripts/file-result.js";

const source = "scripts/node-suite.ts";

describe("runNodeFile", () => {
  let folder: string;

  let scripts: CompiledTests;
  let suite: string;

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "node-suite-test-"));
    scripts = await compileTests([source]);
    suite = pathToFileURL(scripts.compiled(source)).href;
  });
  after(() => {
    scripts.remove();
    rmSync(folder, { recursive: true });
  });

  /** Runs one test file and returns its result. A separate process runs it, because tests cannot run tests. */
  async function run(code: string): Promise<{ tally: FileResult["tally"]; output: string }> {
    const [file, main] = [path.join(folder, "a.test.mjs"), path.join(folder, "main.mjs")];
    writeFileSync(file, `import { before, describe, it, test } from "node:test"; ${code}`);
    writeFileSync(
      main,
      `import { runNodeFile } from ${JSON.stringify(suite)};
      console.log(JSON.stringify(await runNodeFile(${JSON.stringify(file)})));`,
    );
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const { stdout } = await promisify(execFile)(process.execPath, [main], { env });
    const result: FileResult = JSON.parse(stdout);
    const output = [
      formatFile(result),
      ...(result.tally.failed > 0 ? [formatFailures(result)] : []),
    ];
    return { tally: result.tally, output: output.join("\n") };
  }

  it("counts passed, failed and skipped tests, and shows the failures", async () => {
    const { tally, output } = await run(`
      import assert from "node:assert";
      console.log("something was written");
      describe("sums", () => {
        it("are right", () => {});
        it("are wrong", () => { assert.equal(1 + 1, 3); });
        it.skip("are skipped");
      });
      test("without a suite", () => {});`);
    assert.deepEqual(tally, { passed: 2, failed: 1, skipped: 1 });
    assert.match(output, /✖ .*a\.test\.mjs \(3 run, 1 skipped\)/);
    assert.match(output, /✖ sums › are wrong\n.*AssertionError/);
    assert.match(output, /something was written/);
    assert.match(output, /repeat it with: npm test -- .*a\.test\.mjs/);
  });

  it("shows one line for a file in which all tests pass", async () => {
    const { tally, output } = await run('test("passes", () => {});');
    assert.deepEqual(tally, { passed: 1, failed: 0, skipped: 0 });
    assert.match(output, /^✔ .*a\.test\.mjs \(1 run\) \d+ ms$/);
  });

  for (const stream of ["log", "error"]) {
    it(`counts unexpected output of console.${stream} as a failure`, async () => {
      const { tally, output } = await run(`console.${stream}("noise"); test("passes", () => {});`);
      assert.deepEqual(tally, { passed: 1, failed: 1, skipped: 0 });
      assert.match(output, /unexpected output/);
      assert.match(output, /noise/);
    });
  }

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
      assert.equal(tally.failed, 1);
      assert.match(output, shown);
    });
  }
});
