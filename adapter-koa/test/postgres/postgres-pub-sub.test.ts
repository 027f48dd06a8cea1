import assert from "node:assert/strict";
import { after, before, describe, it, type TestContext } from "node:test";
import {
  type PostgresPubSub,
  type PostgresPubSubOptions,
  postgresPubSub,
} from "@live-session/adapter-koa/postgres";
import postgres from "postgres";
import { PostgresServer } from "../support/processes/postgres-server.js";
import { skipWithout } from "../support/processes/program.js";
import { until } from "../support/wait.js";

const count = (length: number) => Array.from({ length }, (_, i) => i);

describe("postgresPubSub", { skip: skipWithout("postgres") }, () => {
  let server: PostgresServer;
  const ends: (() => unknown)[] = [];

  before(async () => {
    server = await PostgresServer.start({ after: (end) => ends.push(end) });
  });
  after(async () => {
    for (const end of ends) await end();
  });

  /** Returns the PubSubs of two processes, which are connected and know each other, and their errors. */
  async function openBoth(t: TestContext, options: Partial<PostgresPubSubOptions> = {}) {
    const errors: Error[] = [];
    const open = () => {
      const sql = postgres(server.url, { max: 1, backoff: () => 0.05, onnotice: () => {} });
      const pubSub = postgresPubSub({ sql, ...options });
      pubSub.onError((error) => errors.push(error as Error));
      t.after(async () => {
        await pubSub.close();
        await sql.end({ timeout: 0 });
      });
      return pubSub;
    };
    const pubSubs: [PostgresPubSub, PostgresPubSub] = [open(), open()];
    await until(() => pubSubs.every((pubSub) => pubSub.health().connected), "connections");
    // A process does not miss the messages of one that it does not know.
    const heard = new Set<unknown>();
    for (const [i, pubSub] of pubSubs.entries()) {
      pubSub.subscribe("hello", (from) => from !== i && heard.add(from));
      pubSub.broadcast("hello", i);
    }
    await until(() => heard.size === pubSubs.length);
    return { pubSubs, errors };
  }

  it("delivers each message once in every process, in the order of its sender", async (t) => {
    const { pubSubs, errors } = await openBoth(t);
    const got = pubSubs.map((pubSub) => {
      const messages: unknown[] = [];
      pubSub.subscribe("a", (message, from) => messages.push([message, from]));
      pubSub.subscribe("other", () => assert.fail());
      return messages;
    });
    for (const i of count(1200)) pubSubs[0].broadcast("a", { i, text: "ü'\"\\\u0001" }, "me");
    await until(() => got.every((messages) => messages.length === 1200));
    for (const messages of got)
      assert.deepEqual(
        messages,
        count(1200).map((i) => [{ i, text: "ü'\"\\\u0001" }, "me"]),
      );
    assert.deepEqual(errors, []);
  });

  it("uses channels of its own", async (t) => {
    const { pubSubs } = await openBoth(t, { channel: 'shop\'s "channel"' });
    const { pubSubs: others } = await openBoth(t);
    others[0].subscribe("a", () => assert.fail());
    const got: unknown[] = [];
    pubSubs[1].subscribe("a", (message) => got.push(message));
    pubSubs[0].broadcast("a", 1);
    await until(() => got.length === 1);
  });

  it("delivers in the own process while the database is away, and loses nothing silently", async (t) => {
    const { pubSubs, errors } = await openBoth(t);
    const [first, second] = pubSubs;
    const own: unknown[] = [];
    const others: unknown[] = [];
    first.subscribe("a", (message) => own.push(message));
    second.subscribe("a", (message) => others.push(message));
    await server.kill();
    for (const i of count(5)) first.broadcast("a", i);
    assert.deepEqual(own, count(5));
    await until(() => !first.health().connected);
    assert.ok(first.health().waiting >= 5); // and perhaps a beat
    await server.start();
    await until(() => pubSubs.every((pubSub) => pubSub.health().connected), "connections");
    await until(() => others.length + second.health().lost === 5, "the messages or their loss");
    assert.deepEqual(others, count(5).slice(second.health().lost));
    // Each process reports an outage once, if it has noticed it. Which error it has seen first depends on the moment.
    const outages = errors.filter(({ message }) => !message.includes("did not arrive"));
    assert.ok(outages.length >= 1 && outages.length <= 2, String(outages));
  });

  it("reports messages that exceed its queue as lost, in both processes", async (t) => {
    const { pubSubs, errors } = await openBoth(t, { queue: 2 });
    await server.kill();
    for (const i of count(5)) pubSubs[0].broadcast("a", i);
    assert.deepEqual(pubSubs[0].health().lost, 3);
    await server.start();
    await until(() => pubSubs[1].health().lost >= 3);
    assert.ok(errors.some(({ message }) => message.includes("did not reach other processes")));
    assert.ok(errors.some(({ message }) => message.includes("of another process did not arrive")));
  });

  it("flushes: resolves when the database has the messages that were broadcast before", async (t) => {
    const { pubSubs } = await openBoth(t, { queue: 700 });
    const [first, second] = pubSubs;
    const got: unknown[] = [];
    second.subscribe("a", (message) => got.push(message));
    for (const i of count(600)) first.broadcast("a", i);
    await first.flush();
    assert.equal(first.health().waiting, 0);
    await until(() => got.length === 600);
    await server.kill();
    for (const i of count(700)) first.broadcast("a", i);
    const before = first.flush();
    first.broadcast("a", "lost");
    const after = assert.rejects(first.flush(), { code: "LIVE_ERR_LOST_MESSAGES" });
    const signal = AbortSignal.abort();
    await assert.rejects(first.flush({ signal }), { name: "AbortError" });
    await server.start();
    await before;
    await after;
  });

  it("refuses messages that no notification can contain", async (t) => {
    const { pubSubs } = await openBoth(t);
    assert.throws(() => pubSubs[0].broadcast("a", "ü".repeat(4000)), {
      code: "LIVE_ERR_PAYLOAD",
      message: /the topic "a" is too large[\s\S]*at most 7999 bytes[\s\S]*80\d\d bytes/,
    });
    const got: unknown[] = [];
    pubSubs[1].subscribe("a", (message) => got.push(message));
    pubSubs[0].broadcast("a", "x".repeat(7900));
    await until(() => got.length === 1);
  });

  it("ignores notifications of other programs", async (t) => {
    const { pubSubs, errors } = await openBoth(t);
    const sql = postgres(server.url);
    for (const text of ["", "not JSON", "null", "{}", '["x"]', '["x",-1,"a"]'])
      await sql.notify("live", text);
    await sql.end();
    const got: unknown[] = [];
    pubSubs[1].subscribe("a", (message) => got.push(message));
    pubSubs[0].broadcast("a", 1);
    await until(() => got.length === 1);
    assert.ok(errors.every(({ message }) => message.includes("notification")));
  });
});
