import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { describe, it, type TestContext } from "node:test";
import { type RedisClient, redisPubSub } from "@live-session/adapter-koa/redis";
import { createClient } from "redis";
import { gate } from "../support/gate.js";
import { skipWithout } from "../support/processes/program.js";
import { RedisServer } from "../support/processes/redis-server.js";
import { until } from "../support/wait.js";

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Starts a proxy in front of Redis. @returns its port, and what Redis has written since the last call */
async function startProxy(t: TestContext, { port }: RedisServer) {
  let text = "";
  const server = createServer((near) => {
    const far = connect(port, "127.0.0.1");
    far.on("data", (data) => {
      text += String(data);
    });
    near.on("error", () => {}).pipe(far);
    far.on("error", () => near.destroy()).pipe(near);
  });
  t.after(() => server.close());
  await once(server.listen(0, "127.0.0.1"), "listening");
  const take = () => {
    const taken = text;
    text = "";
    return taken;
  };
  return { port: (server.address() as AddressInfo).port, take };
}

/** Creates a client whose subscription to one channel waits, and that counts the checks of the link which arrive. */
function createHeldClient(url: string, held: string, opened: Promise<void>) {
  const client: RedisClient = createClient({ url, socket: { reconnectStrategy: 20 } });
  const checks = { arrived: 0 };
  const duplicate = client.duplicate.bind(client);
  client.duplicate = () => {
    const copy = duplicate();
    const subscribe = copy.subscribe.bind(copy);
    copy.subscribe = async (channel, listener) => {
      if (channel.endsWith(held)) await opened;
      return subscribe(channel, (text) => {
        if (channel.includes("check:")) checks.arrived++;
        listener(text);
      });
    };
    return copy;
  };
  return { client, checks };
}

describe("redisPubSub after the end of Redis", { skip: skipWithout("redis-server") }, () => {
  /** Returns a PubSub that is connected. */
  async function open(t: TestContext, client: RedisClient) {
    const pubSub = redisPubSub({ client });
    t.after(async () => {
      await pubSub.close();
      client.destroy();
    });
    await until(() => pubSub.health().connected, "a connection");
    return pubSub;
  }

  it("is not healthy before Redis has confirmed the earlier subscriptions", async (t) => {
    const redis = await RedisServer.start(t);
    const proxy = await startProxy(t, redis);
    const url = `redis://127.0.0.1:${proxy.port}`;
    const pubSub = await open(t, createClient({ url, socket: { reconnectStrategy: 20 } }));
    const topics = Array.from({ length: 100 }, (_, i) => `topic${i}`);
    const got: unknown[] = [];
    for (const topic of topics) pubSub.subscribe(topic, (message) => got.push(message));
    for (const topic of topics) pubSub.broadcast(topic, topic);
    await until(() => got.length === topics.length, "all messages");
    await redis.kill();
    await until(() => !pubSub.health().connected, "the loss of the connection");
    proxy.take();
    await redis.start();
    await until(() => pubSub.health().connected, "another connection");
    const written = proxy.take();
    const missing = topics.filter(
      (topic) => !new RegExp(`subscribe\r\n\\$\\d+\r\nlive:topic:${topic}\r\n`).test(written),
    );
    assert.deepEqual(missing, []);
  });

  it("is not healthy before it has subscribed to the topics of the outage", async (t) => {
    const redis = await RedisServer.start(t);
    const subscription = gate();
    const { client, checks } = createHeldClient(redis.url, "topic:late", subscription.opened);
    const pubSub = await open(t, client);
    await redis.kill();
    await until(() => !pubSub.health().connected, "the loss of the connection");
    const { arrived } = checks;
    pubSub.subscribe("late", () => {});
    await redis.start();
    await until(() => checks.arrived > arrived, "a check of the link");
    await turn();
    // Redis answers this after everything that the check has caused.
    pubSub.broadcast("other", "x");
    await pubSub.flush();
    await turn();
    assert.equal(pubSub.health().connected, false);
    subscription.open();
    await until(() => pubSub.health().connected, "another connection");
  });
});
