import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { type RedisClient, type RedisPubSub, redisPubSub } from "@live-session/adapter-koa/redis";
import { createClient, createCluster, createSentinel } from "redis";
import { freePort } from "../support/free-port.js";
import { skipWithout } from "../support/processes/program.js";
import { RedisServer } from "../support/processes/redis-server.js";
import { until } from "../support/wait.js";

const replay = { topics: (topic: string) => topic.startsWith("numbered") };

/** Returns the PubSubs of two processes, which are connected, and the errors that they report. */
async function openBoth(
  t: TestContext,
  createRedisClient: () => RedisClient,
): Promise<{ pubSubs: [RedisPubSub, RedisPubSub]; errors: Error[] }> {
  const errors: Error[] = [];
  const open = () => {
    const client = createRedisClient();
    const pubSub = redisPubSub({ client, replay });
    pubSub.onError((error) => errors.push(error as Error));
    t.after(async () => {
      await pubSub.close();
      client.destroy();
    });
    return pubSub;
  };
  const pubSubs: [RedisPubSub, RedisPubSub] = [open(), open()];
  await until(() => pubSubs.every((pubSub) => pubSub.health().connected), "connections");
  return { pubSubs, errors };
}

/** Subscribes, and returns the messages that arrive. A message to the topic has arrived when it resolves. */
async function follow(pubSub: RedisPubSub, topic: string): Promise<unknown[]> {
  const got: unknown[] = [];
  let hasStarted = !pubSub.isNumbered(topic);
  const started = () => {
    hasStarted = true;
  };
  pubSub.subscribe(topic, (message) => got.push(message), { started });
  await until(() => hasStarted);
  return got;
}

const count = (length: number, from = 0) => Array.from({ length }, (_, i) => from + i);

/** Starts a cluster of two servers, each with half of the keys. */
async function startCluster(t: TestContext): Promise<RedisServer[]> {
  const start = async () =>
    RedisServer.start(t, { "cluster-enabled": "yes", "cluster-port": await freePort() });
  const servers = await Promise.all([start(), start()]);
  const clients = await Promise.all(servers.map(({ url }) => createClient({ url }).connect()));
  const [first, second] = clients as [(typeof clients)[0], (typeof clients)[0]];
  await first.sendCommand(["CLUSTER", "ADDSLOTSRANGE", "0", "8191"]);
  await second.sendCommand(["CLUSTER", "ADDSLOTSRANGE", "8192", "16383"]);
  await first.sendCommand(["CLUSTER", "SET-CONFIG-EPOCH", "1"]);
  await second.sendCommand(["CLUSTER", "SET-CONFIG-EPOCH", "2"]);
  const bus = String(
    ((await second.configGet("cluster-port")) as { "cluster-port": string })["cluster-port"],
  );
  await first.sendCommand(["CLUSTER", "MEET", "127.0.0.1", String(servers[1]?.port), bus]);
  for (const client of clients)
    while (!String(await client.sendCommand(["CLUSTER", "INFO"])).includes("state:ok"));
  for (const client of clients) client.destroy();
  return servers;
}

describe("redisPubSub with a cluster", { skip: skipWithout("redis-server") }, () => {
  it("delivers the messages of topics on both servers in order, numbered ones too", async (t) => {
    const servers = await startCluster(t);
    const rootNodes = servers.map(({ url }) => ({ url }));
    const { pubSubs, errors } = await openBoth(t, () => createCluster({ rootNodes }));
    const topics = [...count(6).map((i) => `room:${i}`), ...count(6).map((i) => `numbered:${i}`)];
    const got = await Promise.all(topics.map((topic) => follow(pubSubs[1], topic)));
    for (const i of count(50)) for (const topic of topics) pubSubs[0].broadcast(topic, i);
    await until(() => got.every((messages) => messages.length === 50));
    for (const messages of got) assert.deepEqual(messages, count(50));
    assert.deepEqual(errors, []);
  });
});

/** Starts a master, its replica, and a Sentinel that replaces the master 300 ms after it has stopped answering. */
async function startSentinel(t: TestContext): Promise<{ master: RedisServer; port: number }> {
  const master = await RedisServer.start(t);
  await RedisServer.start(t, { replicaof: `127.0.0.1 ${master.port}` });
  const state = await createClient({ url: master.url }).connect();
  while (!(await state.info("replication")).includes("state=online"));
  state.destroy();
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "live-sentinel-"));
  const file = join(folder, "sentinel.conf");
  const monitor = `sentinel monitor main 127.0.0.1 ${master.port} 1`;
  writeFileSync(file, `port ${port}\n${monitor}\nsentinel down-after-milliseconds main 300\n`);
  const sentinel = spawn("redis-server", [file, "--sentinel"], { stdio: "ignore" });
  t.after(() => {
    sentinel.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });
  const socket = { reconnectStrategy: 20 };
  const client = createClient({ url: `redis://127.0.0.1:${port}`, socket });
  client.on("error", () => {}); // until it has started
  await client.connect();
  const replicas = () => client.sendCommand<unknown[]>(["SENTINEL", "REPLICAS", "main"]);
  while ((await replicas()).length === 0);
  client.destroy();
  return { master, port };
}

describe("redisPubSub with Sentinel", { skip: skipWithout("redis-server") }, () => {
  it("keeps the messages until a replica has replaced the master", async (t) => {
    const { master, port } = await startSentinel(t);
    const { pubSubs, errors } = await openBoth(t, () =>
      createSentinel({
        name: "main",
        sentinelRootNodes: [{ host: "127.0.0.1", port }],
        scanInterval: 100,
      }),
    );
    assert.deepEqual(errors, []);
    const topics = ["room", "numbered"];
    const got = await Promise.all(topics.map((topic) => follow(pubSubs[1], topic)));
    const send = (from: number) => {
      for (const i of count(50, from)) for (const topic of topics) pubSubs[0].broadcast(topic, i);
    };
    send(0);
    await until(() => got.every((messages) => messages.length === 50));
    await master.kill();
    send(50);
    await until(() => got.every((messages) => messages.length === 100), "the replica");
    for (const messages of got) assert.deepEqual(messages, count(100));
    assert.deepEqual([pubSubs[0].health().lost, pubSubs[1].health().lost], [0, 0]);
  });
});
