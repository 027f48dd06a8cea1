import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { buildsEach } from "../../scripts/release.js";
import { useRelease } from "./support/release.js";

const skip = process.platform === "win32" && "the tests need POSIX signals";

describe("npm start", { skip, timeout: 120_000 }, () => {
  const release = useRelease();
  let folder: string;
  const started: ChildProcess[] = [];

  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), "start-test-"));
  });
  after(() => {
    for (const npm of started)
      if (npm.exitCode === null && npm.signalCode === null) signal(-(npm.pid ?? 0));
    rmSync(folder, { recursive: true });
  });

  /** Starts npm as the leader of a new process group and waits until the demo prints its address. */
  async function start(
    ...args: string[]
  ): Promise<{ npm: ChildProcess; url: string; lines: () => string[] }> {
    const npm = spawn("npm", ["start", ...args], {
      cwd: release().workspace,
      env: { ...process.env, PORT: "0", DATABASE_FILE: path.join(folder, "demo.sqlite") },
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    started.push(npm);
    let output = "";
    let errors = "";
    npm.stderr.on("data", (chunk) => {
      errors += chunk;
    });
    for await (const chunk of npm.stdout.iterator({ destroyOnReturn: false })) {
      output += chunk;
      const url = /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0];
      if (!url) continue;
      npm.stdout.on("data", (more) => {
        output += more;
      });
      return { npm, url, lines: () => output.split("\n") };
    }
    throw new Error(`npm start ended before the demo listened:\n${output}${errors}`);
  }

  it("prints the address of the built demo in one line, and stops when npm gets SIGTERM", async () => {
    const { npm, url, lines } = await start(...(buildsEach ? [] : ["--ignore-scripts"]));
    const page = await fetch(url);
    assert.equal(page.status, 200);
    assert.equal(lines().filter((line) => line.includes(url)).length, 1);

    signal(npm.pid ?? 0);
    assert.deepEqual(await once(npm, "close"), [0, null]);
    await assert.rejects(fetch(url), "the port is free again");
  });

  it("stops when the whole process group gets SIGTERM", async () => {
    const { npm, url } = await start("--ignore-scripts");
    signal(-(npm.pid ?? 0));
    // The exit code varies: npm also forwards its own signal, and the server may have ended before that.
    await once(npm, "close");
    await assert.rejects(fetch(url), "the port is free again");
  });
});

function signal(pid: number): void {
  process.kill(pid, "SIGTERM");
}
