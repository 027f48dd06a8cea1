import assert from "node:assert/strict";
import { after, before, describe, it, type TestContext } from "node:test";
import { MissedMessages } from "@live-session/adapter-koa";
import {
  type RedisPubSub,
  type RedisPubSubOptions,
  redisPubSub,
} from "@live-session/adapter-koa/redis";
import { array, asyncProperty, assert as check, constantFrom } from "fast-check";
import { createClient } from "redis";
import { liveError } from "../support/live-error.js";
import { skipWithout } from "../support/processes/program.js";
import { RedisServer } from "../support/processes/redis-server.js";
import { until } from "../support/wait.js";

const replay = { topics: (topic: string) => topic.startsWith("numbered") };

describe("redisPubSub", { skip: skipWithout("redis-server") }, () => {
  let redis: RedisServer;
  const ends: (() => unknown)[] = [];
  let prefixes = 0;

  before(async () => {
    redis = await RedisServer.start({ after: (end) => ends.push(end) });
  });
  after(async () => {
    for (const end of ends) await end();
  });

  /** Returns the PubSubs of several processes, which are connected. */
  async function openAll(
    t: Pick<TestContext, "after">,
    count: number,
    options: Partial<RedisPubSubOptions> = {},
  ): Promise<{ pubSubs: RedisPubSub[]; errors: Error[]; prefix: string }> {
    const prefix = `test${++prefixes}:`;
    const errors: Error[] = [];
    const pubSubs = Array.from({ length: count }, () => {
      const client = createClient({
        url: redis.url,
        socket: { reconnectStrategy: 20 },
      });
      const pubSub = redisPubSub({ client, prefix, replay, ...options });
      pubSub.onError((error) => errors.push(error as Error));
      t.after(async () => {
        await pubSub.close();
        client.destroy();
      });
      return pubSub;
    });
    await until(() => pubSubs.every((pubSub) => pubSub.health().connected), "connections");
    return { pubSubs, errors, prefix };
  }

  /** Resolves when Redis knows the subscriptions of each process to a topic. */
  async function subscribed(prefix: string, topic: string, processes: number): Promise<void> {
    const client = await createClient({ url: redis.url }).connect();
    const channel = `${prefix}topic:${topic}`;
    while ((await client.pubSubNumSub([channel]))[channel] !== processes);
    client.destroy();
  }

  it("delivers each message once to every subscriber of every process, in the order of its sender", async (t) => {
    const { pubSubs, errors, prefix } = await openAll(t, 3);
    const got = pubSubs.map(() => [] as unknown[]);
    for (const [i, pubSub] of pubSubs.entries()) {
      pubSub.subscribe("a", (message, from) => got[i]?.push([message, from]));
      pubSub.subscribe("other", () => assert.fail());
    }
    const [first] = pubSubs as [RedisPubSub];
    await subscribed(prefix, "a", 3);
    for (let i = 0; i < 1000; i++) first.broadcast("a", { i }, "me");
    await until(() => got.every((messages) => messages.length === 1000));
    for (const messages of got)
      assert.deepEqual(
        messages,
        Array.from({ length: 1000 }, (_, i) => [{ i }, "me"]),
      );
    assert.deepEqual(errors, []);
    assert.deepEqual(first.health(), { connected: true, waiting: 0, lost: 0 });
  });

  it("passes the same decoded object to all subscribers of a process", async (t) => {
    const { pubSubs } = await openAll(t, 1);
    const [pubSub] = pubSubs as [RedisPubSub];
    const got: unknown[] = [];
    for (let i = 0; i < 3; i++) pubSub.subscribe("a", (message) => got.push(message));
    pubSub.broadcast("a", { text: "hi" });
    await until(() => got.length === 3);
    assert.equal(new Set(got).size, 1);
  });

  it("subscribes once for each topic in use", async (t) => {
    const { pubSubs, prefix } = await openAll(t, 1);
    const [pubSub] = pubSubs as [RedisPubSub];
    const subscriptions = Array.from({ length: 10 }, () => pubSub.subscribe("a", () => {}));
    await subscribed(prefix, "a", 1);
    for (const end of subscriptions) end();
    await subscribed(prefix, "a", 0);
  });

  it("delivers what was broadcast after a subscription, and not before it", async (t) => {
    const { pubSubs } = await openAll(t, 2);
    const [one, two] = pubSubs as [RedisPubSub, RedisPubSub];
    const got: unknown[] = [];
    one.broadcast("a", "before");
    one.subscribe("a", (message) => got.push(message));
    one.broadcast("a", "after");
    await until(() => got.length === 1);
    two.broadcast("a", "other");
    await until(() => got.length === 2);
    assert.deepEqual(got, ["after", "other"]);
  });

  it("delivers what is stored after an id in any process, or says that it is missing", async (t) => {
    const { pubSubs } = await openAll(t, 2, { replay: { ...replay, length: 700 } });
    const [one, two] = pubSubs as [RedisPubSub, RedisPubSub];
    const ids: string[] = [];
    let start = "";
    one.subscribe("numbered", (_, __, id) => ids.push(id ?? ""), {
      started: (id) => {
        start = id;
      },
    });
    await until(() => start !== "");
    for (let i = 0; i < 1000; i++) one.broadcast("numbered", i);
    await until(() => ids.length === 1000);
    const got: unknown[] = [];
    two.subscribe("numbered", (message) => got.push(message), { after: ids[399] as string });
    one.broadcast("numbered", 1000);
    await until(() => got.length === 601);
    assert.deepEqual(
      got,
      Array.from({ length: 601 }, (_, i) => i + 400),
    );
    const late: unknown[] = [];
    two.subscribe("numbered", (message) => late.push(message), { after: start });
    await until(() => late.length === 701);
    assert.ok(late[0] instanceof MissedMessages);
    assert.equal(late[1], 301);
  });

  it("delivers in the own process while Redis is away, and in the others afterwards", async (t) => {
    const { pubSubs, errors, prefix } = await openAll(t, 2);
    const [one, two] = pubSubs as [RedisPubSub, RedisPubSub];
    const [own, others, numbered]: unknown[][] = [[], [], []];
    one.subscribe("a", (message) => own?.push(message));
    two.subscribe("a", (message) => others?.push(message));
    two.subscribe("numbered", (message) => numbered?.push(message));
    await subscribed(prefix, "a", 2);
    await subscribed(prefix, "numbered", 1);
    one.broadcast("a", 0);
    await until(() => others?.length === 1);
    await redis.kill();
    await until(() => pubSubs.every((pubSub) => !pubSub.health().connected));
    for (let i = 1; i < 100; i++) one.broadcast("a", i);
    one.broadcast("numbered", "x");
    assert.equal(own?.length, 100);
    assert.equal(one.health().waiting, 100);
    await redis.start();
    await until(() => others?.length === 100 && numbered?.length === 1);
    await until(() => pubSubs.every((pubSub) => pubSub.health().connected));
    one.broadcast("a", 100);
    await until(() => others?.length === 101 && own?.length === 101);
    assert.deepEqual(own, others);
    assert.ok(errors.length >= 2 && errors.length <= 4, errors.join());
  });

  it("reports messages that exceed its queue as lost", async (t) => {
    const { pubSubs, errors } = await openAll(t, 1, { queue: 10 });
    const [pubSub] = pubSubs as [RedisPubSub];
    await redis.kill();
    await until(() => !pubSub.health().connected);
    for (let i = 0; i < 15; i++) pubSub.broadcast("a", i);
    assert.equal(pubSub.health().lost, 5);
    await redis.start();
    await until(() => pubSub.health().connected);
    const lost = errors.filter(
      (error) => "code" in error && error.code === "LIVE_ERR_LOST_MESSAGES",
    );
    assert.deepEqual(
      lost.map(({ message }) => message.split("\n")[0]),
      ["1 messages did not reach other processes", "4 messages did not reach other processes"],
    );
  });

  it("flushes: resolves when Redis has the messages that were broadcast before", async (t) => {
    const { pubSubs, prefix } = await openAll(t, 1);
    const [pubSub] = pubSubs as [RedisPubSub];
    const client = createClient({ url: redis.url, socket: { reconnectStrategy: 20 } });
    await client.on("error", () => {}).connect();
    t.after(() => client.destroy());
    const stored = () => client.xLen(`${prefix}stream:a`);
    await pubSub.flush();
    for (let i = 0; i < 1200; i++) pubSub.broadcast("a", i);
    await pubSub.flush();
    // The stream keeps the last 1,000 messages.
    assert.equal(await stored(), 1000);
    await redis.kill();
    await until(() => !pubSub.health().connected);
    pubSub.broadcast("b", "x");
    const waiting = new AbortController();
    const ended = pubSub.flush({ signal: waiting.signal });
    const later = pubSub.flush();
    waiting.abort();
    await assert.rejects(ended, { name: "AbortError" });
    await redis.start();
    await later;
    assert.equal(await client.xLen(`${prefix}stream:b`), 1);
  });

  it("rejects a flush if a message before it was lost", async (t) => {
    const { pubSubs } = await openAll(t, 1, { queue: 2 });
    const [pubSub] = pubSubs as [RedisPubSub];
    await redis.kill();
    await until(() => !pubSub.health().connected);
    for (let i = 0; i < 2; i++) pubSub.broadcast("a", i);
    const before = pubSub.flush();
    pubSub.broadcast("a", "lost");
    const after = assert.rejects(pubSub.flush(), liveError("LIVE_ERR_LOST_MESSAGES"));
    await redis.start();
    await before;
    await after;
    pubSub.broadcast("a", 2);
    await pubSub.flush();
    pubSub.broadcast("a", 3);
    await redis.kill();
    const closed = assert.rejects(pubSub.flush(), liveError("LIVE_ERR_LOST_MESSAGES"));
    await pubSub.close();
    await closed;
    await redis.start();
  });

  it("notices a Redis that does not answer", async (t) => {
    const { pubSubs } = await openAll(t, 1);
    const [pubSub] = pubSubs as [RedisPubSub];
    const got: unknown[] = [];
    pubSub.subscribe("a", (message) => got.push(message));
    redis.freeze();
    pubSub.broadcast("a", 1);
    await until(() => got.length === 1);
    redis.thaw();
    await until(() => pubSub.health().connected);
    pubSub.broadcast("a", 2);
    await until(() => got.length === 2);
  });

  it("has no gaps and no duplicates, whatever ends: Redis, its connections, or a subscription", async (t) => {
    const actions = constantFrom("broadcast", "broadcast", "drop", "move", "restart");
    const { pubSubs, errors } = await openAll(t, 3, { replay: { ...replay, length: 100_000 } });
    const observer = createClient({ url: redis.url, socket: { reconnectStrategy: 20 } });
    observer.on("error", () => {});
    await observer.connect();
    t.after(() => observer.destroy());
    let topics = 0;
    await check(
      asyncProperty(array(actions, { minLength: 5, maxLength: 25 }), async (steps) => {
        const topic = `numbered${++topics}`;
        const got: unknown[] = [];
        let position: string | undefined;
        let place = 0;
        const follow = () => {
          const options = {
            started: (id: string) => {
              position = id;
            },
          };
          const pubSub = pubSubs[place++ % 3] as RedisPubSub;
          return pubSub.subscribe(
            topic,
            (message, _, id) => {
              got.push(message);
              position = id;
            },
            position === undefined ? options : { ...options, after: position },
          );
        };
        let end = follow();
        await until(() => position !== undefined);
        const sent = [0, 0, 0];
        for (const step of steps) {
          if (step === "broadcast")
            for (let i = 0; i < 50; i++) {
              const from = i % 3;
              pubSubs[from]?.broadcast(topic, [from, sent[from] ?? 0]);
              sent[from] = (sent[from] ?? 0) + 1;
            }
          else if (step === "move") {
            end();
            end = follow();
          } else if (step === "drop")
            await observer.sendCommand(["CLIENT", "KILL", "TYPE", "pubsub"]).catch(() => {});
          else {
            await redis.kill();
            await redis.start();
          }
        }
        const all = sent.reduce((sum, each) => sum + each, 0);
        await until(() => got.length >= all, "all messages");
        end();
        assert.equal(new Set(got.map(String)).size, all);
        assert.equal(got.length, all);
        for (const from of [0, 1, 2])
          assert.deepEqual(
            (got as [number, number][]).filter((each) => each[0] === from).map(([, n]) => n),
            Array.from({ length: sent[from] ?? 0 }, (_, i) => i),
          );
      }),
      { numRuns: 8, endOnFailure: true },
    );
    assert.deepEqual(
      errors.filter(({ message }) => /lost/.test(message)),
      [],
    );
  });
});
