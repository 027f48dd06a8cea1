import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { type CompiledTests, compileTests } from "../../scripts/test-runner/compile-tests.js";
import {
  type FileResult,
  formatFailures,
  formatFile,
} from "../../scripts/test-runner/file-result.js";
import { compiledVariable } from "../../scripts/test-runner/process-script.js";

/** Flags that `npm test` sets for the processes. */
const flags = ["--enable-source-maps", "--disable-warning=ExperimentalWarning"];
const sources = ["scripts/test-runner/test-processes.ts", "scripts/test-runner/run-test-files.ts"];

describe("TestProcesses", () => {
  let folder: string;
  let scripts: CompiledTests;
  let processes: string;

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "test-processes-test-"));
    scripts = await compileTests(sources);
    processes = pathToFileURL(scripts.compiled("scripts/test-runner/test-processes.ts")).href;
  });
  after(() => {
    scripts.remove();
    rmSync(folder, { recursive: true });
  });

  interface Run {
    readonly tally: FileResult["tally"];
    readonly output: string;
  }

  /** Runs test files one after the other. A separate process does it, because tests cannot run tests. */
  async function runAll(...codes: readonly string[]): Promise<Run[]> {
    const files = codes.map((code, i) => {
      const file = path.join(folder, `${"abc"[i]}.test.mjs`);
      writeFileSync(file, `import { before, describe, it, test } from "node:test"; ${code}`);
      return file;
    });
    const main = path.join(folder, "main.mjs");
    writeFileSync(
      main,
      `import { TestProcesses } from ${JSON.stringify(processes)};
      const processes = new TestProcesses({ fileTimeout: 60_000, settleTime: 1000 });
      const results = [];
      for (const file of ${JSON.stringify(files)}) results.push(await processes.run(file));
      await processes.end();
      console.log(JSON.stringify(results));`,
    );
    const env = { ...process.env, [compiledVariable]: scripts.folder };
    const { stdout } = await promisify(execFile)(process.execPath, [...flags, main], { env });
    return (JSON.parse(stdout) as FileResult[]).map((result) => ({
      tally: result.tally,
      output: [
        formatFile(result),
        ...(result.tally.failed > 0 ? [formatFailures(result)] : []),
      ].join("\n"),
    }));
  }

  async function run(code: string): Promise<Run> {
    const [result] = await runAll(code);
    assert.ok(result);
    return result;
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
      "waits for nothing",
      'test("a", () => new Promise(() => {}));',
      /✖ a\n.*Promise resolution is still pending/,
    ],
    [
      "leaves a server open",
      'import { createServer } from "node:http"; test.skip("a"); createServer().listen(0);',
      /has left open: TCP/,
    ],
    ["emits a warning", 'process.emitWarning("odd"); test.skip("a");', /Warning: odd/],
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

  it("counts a file that exits after a test as failed", async () => {
    const { tally, output } = await run(
      'test("a", () => {}); test("b", () => setTimeout(() => process.exit(0), 100));',
    );
    assert.equal(tally.failed, 1);
    assert.match(output, /its process ended too early: 0/);
  });

  it("runs files in one process, which each file finds as the first one did", async () => {
    const change = `
      import { mock } from "node:test";
      process.removeAllListeners("warning");
      process.on("custom", () => {});
      process.env.ADDED = "1";
      delete process.env.PATH;
      mock.timers.enable({ apis: ["setTimeout"] });
      mock.method(console, "log", () => {});
      globalThis.first = process.pid;
      test("a", () => {});`;
    const find = `
      import assert from "node:assert";
      test("a", () => {
        assert.equal(globalThis.first, process.pid);
        assert.ok(process.env.PATH);
        assert.equal(process.env.ADDED, undefined);
        assert.equal(process.listenerCount("warning"), 1);
        assert.equal(process.listenerCount("custom"), 0);
        assert.equal(console.log.mock, undefined);
        return new Promise((resolve) => setTimeout(resolve));
      });`;
    const [first, second] = await runAll(change, find);
    assert.deepEqual(first?.tally, { passed: 1, failed: 0, skipped: 0 });
    assert.deepEqual(second?.tally, { passed: 1, failed: 0, skipped: 0 }, second?.output);
  });

  it("reports failures and output of the file that they belong to, and continues with a new process", async () => {
    const keepPid = "globalThis.pid ??= process.pid; console.log('process', globalThis.pid);";
    const [first, second] = await runAll(
      `${keepPid} test("one", () => { throw new Error("broken"); });`,
      `${keepPid} test("two", () => {});`,
    );
    assert.match(first?.output ?? "", /✖ one\n.*Error: broken[\s\S]*process \d/);
    assert.match(second?.output ?? "", /unexpected output[\s\S]*process \d/);
    assert.doesNotMatch(second?.output ?? "", /broken/);
    const pid = (result: Run | undefined) => /process \d+/.exec(result?.output ?? "")?.[0];
    assert.notEqual(pid(first), pid(second));
  });
});
