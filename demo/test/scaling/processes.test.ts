import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { after, before, describe, it } from "node:test";
import { setTimeout } from "node:timers/promises";
import { createClient } from "redis";
import { freePort } from "../../../adapter-koa/test/support/free-port.js";
import { skipWithout } from "../../../adapter-koa/test/support/processes/program.js";
import { RedisServer } from "../../../adapter-koa/test/support/processes/redis-server.js";
import { argsToRun } from "../../../scripts/test-runner/process-script.js";
import { createRateLimits } from "../../src/accounts/rate-limits.js";
import { LiveVisit } from "../support/live-visit.js";

/** The body that `/health` returns. */
interface Health {
  readonly process: number;
  readonly connections: number;
  readonly pubSub: { readonly connected: boolean };
}

describe("a site in several processes", { skip: skipWithout("redis-server") }, () => {
  const ends: (() => unknown)[] = [];
  const folder = mkdtempSync(path.join(tmpdir(), "demo-processes-"));
  let site: ChildProcess;
  let url: string;
  let listening = 0;

  before(async () => {
    const redis = await RedisServer.start({ after: (end) => ends.push(end) });
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const env = {
      ...process.env,
      NODE_ENV: "test",
      WEB_CONCURRENCY: "2",
      PORT: String(port),
      REDIS_URL: redis.url,
      DATABASE_FILE: path.join(folder, "demo.sqlite"),
      SECRET: "a secret that only these tests know",
      DRAIN_SECONDS: "0.2",
    };
    site = spawn(process.execPath, argsToRun("demo/src/server.ts"), {
      env,
      stdio: ["ignore", "pipe", "inherit"],
    });
    createInterface({ input: site.stdout ?? process.stdin }).on("line", (line) => {
      if (line.includes("listens")) listening++;
    });
    await listeners(2);
    while (!(await healthOfAll()).every(({ pubSub }) => pubSub.connected)) await setTimeout(10);
  });
  after(async () => {
    if (site.exitCode === null) site.kill("SIGKILL");
    for (const end of ends) await end();
    rmSync(folder, { recursive: true });
  });

  /** Resolves when processes have reported that they listen. */
  async function listeners(count: number): Promise<void> {
    const ended = once(site, "exit");
    while (listening < count) {
      if (site.exitCode !== null) throw new Error("the site has ended");
      await Promise.race([once(site.stdout ?? site, "data"), ended]);
    }
  }

  /** Requests a path with a connection of its own, which the next process accepts. */
  const get = (to: string) => fetch(`${url}${to}`, { headers: { connection: "close" } });
  const health = async () => (await (await get("/health")).json()) as Health;

  async function healthOfAll(): Promise<readonly Health[]> {
    const found = new Map<number, Health>();
    for (let i = 0; i < 20 && found.size < 2; i++) {
      const each = await health();
      found.set(each.process, each);
    }
    return [...found.values()];
  }

  async function load() {
    const response = await get("/notifications");
    const cookie = response.headers
      .getSetCookie()
      .map((line) => line.split(";")[0])
      .join("; ");
    return { url, path: "/notifications", page: await response.text(), cookie };
  }

  const open = async () => LiveVisit.open(await load());

  it("limits actions in all processes together, and in each while Redis is away", async (t) => {
    const redis = await RedisServer.start(t);
    const one = { points: 1, duration: 60 };
    const limits = { log_in: { address: one, account: one } };
    const clients = [1, 2].map(() => createClient({ url: redis.url }));
    for (const client of clients) await client.on("error", () => {}).connect();
    t.after(() => {
      for (const client of clients) client.destroy();
    });
    const [here, there] = clients.map((client) => createRateLimits(limits, client));
    const subject = { address: "10.1.2.3" };
    assert.equal((await here?.consume("log_in", subject))?.allowed, true);
    assert.equal((await there?.consume("log_in", subject))?.allowed, false);
    await redis.kill();
    assert.equal((await there?.consume("log_in", subject))?.allowed, true);
  });

  it("distributes sockets evenly", async () => {
    // Pages first: if connections for pages and sockets alternate, all sockets may belong to one process. One socket after
    // another: of a burst, a process that is busy with the first ones receives fewer.
    const pages = await Promise.all(Array.from({ length: 20 }, load));
    const visits: LiveVisit[] = [];
    for (const page of pages) visits.push(await LiveVisit.open(page));
    const counts = (await healthOfAll()).map(({ connections }) => connections);
    assert.equal(counts.length, 2);
    assert.equal(
      counts.reduce((sum, each) => sum + each),
      20,
    );
    assert.ok(Math.min(...counts) >= 6, String(counts));
    for (const { webSocket } of visits) webSocket.close();
  });

  it("closes the connections that a process had not accepted when it was killed", async () => {
    const [{ process: suspended } = { process: 0 }] = await healthOfAll();
    process.kill(suspended, "SIGSTOP");
    // The other process answers. One connection waits for the suspended one.
    const answers = new Set<number>();
    const requests = Array.from({ length: 4 }, () => health());
    for (const request of requests)
      void request.then(
        ({ process: id }) => answers.add(id),
        () => {},
      );
    while (answers.size < 1) await Promise.race(requests.map((request) => request.catch(() => {})));
    process.kill(suspended, "SIGKILL");
    const outcomes = await Promise.allSettled(requests);
    assert.ok(!answers.has(suspended));
    assert.ok(outcomes.some(({ status }) => status === "rejected"));
    await listeners(3);
  });

  it("replaces its processes without a failed request, and ends all with one signal", async () => {
    const former = new Set((await healthOfAll()).map(({ process: id }) => id));
    const visits = await Promise.all(Array.from({ length: 10 }, open));
    const closed = visits.map(({ webSocket }) => once(webSocket, "close"));
    site.kill("SIGHUP");
    const statuses = new Set<number>();
    let isDone = false;
    const requests = (async () => {
      while (!isDone) {
        statuses.add((await get("/")).status);
        await setTimeout(10); // Requests without a pause would take the CPU time that the new processes need.
      }
    })();
    const codes = (await Promise.all(closed)).map(([code]) => code);
    assert.deepEqual(new Set(codes), new Set([1012]));
    await listeners(5);
    while ((await healthOfAll()).some(({ process: id }) => former.has(id))) await setTimeout(10);
    isDone = true;
    await requests;
    assert.deepEqual(statuses, new Set([200]));
    assert.equal((await (await get("/ready")).json()).database, true);
    site.kill("SIGTERM");
    const [code] = await once(site, "exit");
    assert.equal(code, 0);
  });
});
