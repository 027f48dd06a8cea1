import assert from "node:assert/strict";
import { existsSync, readdirSync, statSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, afterEach, before, describe, it, mock } from "node:test";
import { folderPrefix, TemporaryFolder } from "../../../src/live/uploads/temporary-folder.js";
import { until } from "../../support/wait.js";

const minute = 60_000;
const hour = 60 * minute;
/** A process that has certainly ended, and one that certainly runs. */
const [endedPid, runningPid] = [99_999_999, process.ppid];

describe("the folder of temporary files", () => {
  let parent: string;
  let opened: TemporaryFolder[] = [];
  before(async () => {
    parent = await mkdtemp(path.join(tmpdir(), "temporary-folder-"));
  });
  afterEach(async () => {
    for (const folder of opened.splice(0)) await folder.remove();
    mock.timers.reset();
    for (const name of await readdir(parent))
      await rm(path.join(parent, name), { recursive: true });
  });
  after(() => rm(parent, { recursive: true }));

  const open = () => {
    const folder = new TemporaryFolder(parent);
    opened = [...opened, folder];
    return folder;
  };
  /** Adds the folder of another process, with a file. */
  async function add(name: string, age = 0): Promise<string> {
    const folder = path.join(parent, name);
    await mkdir(folder);
    await writeFile(path.join(folder, "file"), "content");
    await mark(folder, age);
    return name;
  }
  async function mark(folder: string, age = 0): Promise<void> {
    const time = new Date(Date.now() - age);
    await utimes(folder, time, time);
  }
  const names = async () => (await readdir(parent)).sort();

  it("is created when it is needed, and removed at the end", async () => {
    const folder = open();
    await folder.sweep();
    assert.deepEqual(await names(), []);
    await writeFile(path.join(folder.path, "file"), "content");
    assert.equal((await names()).length, 1);
    await folder.remove();
    assert.deepEqual(await names(), []);
  });

  it("is not removed by a sweep of its own process, however old it is", async () => {
    const used = open().path;
    await mark(used, 2 * hour);
    await open().sweep();
    assert.ok(existsSync(used));
  });

  it("is removed at once if its process has ended, even if this process has the same id", async () => {
    await add(`${folderPrefix}${endedPid}-abc`);
    await add(`${folderPrefix}${process.pid}-abc`, process.uptime() * 1000 + minute);
    const running = [
      await add(`${folderPrefix}${process.pid}-of-another-copy`),
      await add(`${folderPrefix}${runningPid}-abc`, 2 * hour),
    ];
    await open().sweep();
    assert.deepEqual(await names(), running.sort());
  });

  it("is removed if another machine or container has not marked it for an hour", async () => {
    await add("live-uploads-gone-1-abc", hour + minute);
    const kept = [
      await add("live-uploads-other-1-abc", hour - minute),
      await add("somebody-elses", 2 * hour),
    ];
    await open().sweep();
    assert.deepEqual(await names(), kept.sort());
  });

  it("is removed later if a sweep an hour after the start finds it unchanged", async () => {
    mock.timers.enable({ apis: ["setTimeout"] });
    await add("live-uploads-gone-1-abc", minute);
    const marked = await add("live-uploads-other-1-abc", minute);
    await open().sweep();
    assert.equal((await names()).length, 2);
    await mark(path.join(parent, marked));
    mock.timers.tick(hour);
    await until(() => readdirSync(parent).length === 1);
    assert.deepEqual(await names(), [marked]);
  });

  it("is marked every minute while its process runs, and replaced if it is missing", async () => {
    mock.timers.enable({ apis: ["setInterval"] });
    const folder = open();
    const first = folder.path;
    await mark(first, hour);
    mock.timers.tick(minute);
    await until(() => Date.now() - statSync(first).mtimeMs < minute);
    await rm(first, { recursive: true });
    mock.timers.tick(minute);
    await until(() => folder.path !== first && existsSync(folder.path));
  });
});
