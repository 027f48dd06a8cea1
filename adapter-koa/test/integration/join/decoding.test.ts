import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { LiveRouter, liveView } from "@live-session/adapter-koa";
import { html } from "lit";
import { startServer } from "../../support/server.js";
import { Visitor } from "../../support/visitor.js";

/** The values that a view received, unchanged. */
let got: unknown[] = [];

const takingLive = liveView("TakingLive", {
  mount({ params, socket }) {
    got.push(params, socket.connectParams);
  },
  handleParams({ params }) {
    got.push(params);
  },
  handleEvent: {
    take({ payload }) {
      got.push(payload);
    },
  },
  render: () => html`<p></p>`,
});

/** Returns every key of a value at every depth, and the objects with an unexpected prototype. */
function keysOf(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => [key, ...keysOf(member)]);
}

/** Merges objects carelessly, as application code may do. */
function merge(target: Record<string, unknown>, source: unknown): void {
  for (const [key, value] of Object.entries(source ?? {})) {
    if (typeof value !== "object" || value === null) {
      target[key] = value;
      continue;
    }
    target[key] ??= {};
    merge(target[key] as Record<string, unknown>, value);
  }
}

function assertHarmless(): void {
  assert.ok(got.length > 0);
  for (const value of got) {
    assert.ok(!keysOf(value).includes("__proto__"), JSON.stringify(value));
    merge({}, value);
    merge([] as never, value);
  }
  assert.equal(({} as { polluted?: unknown }).polluted, undefined);
  assert.equal(([] as { polluted?: unknown }).polluted, undefined);
}

const start = async (t: Parameters<typeof startServer>[0]) => {
  got = [];
  const server = await startServer(t, new LiveRouter().live("/", takingLive));
  const visitor = new Visitor(server);
  return { server, visitor, ...(await visitor.visit("/")) };
};

const values = [
  '{"__proto__":{"polluted":1}}',
  '{"a":{"__proto__":{"polluted":1}}}',
  '{"a":[{"__proto__":{"polluted":1}}]}',
  '{"\\u005f\\u005fproto\\u005f\\u005f":{"polluted":1}}',
  '{"__\\u0070roto__":{"polluted":1}}',
  '{"_\\u005Fproto\\u005f_" : {"polluted":1}}',
  '{"constructor":{"prototype":{"polluted":1}}}',
  '{"a":{"constructor":{"prototype":{"polluted":1}}}}',
  '{"\\u0063onstructor":{"prototype":{"polluted":1}}}',
  '{"con\\u0073tructor":{"\\u0070rototype":{"polluted":1}}}',
  '{"__proto__":{"__proto__":{"polluted":1}}}',
  '{"__proto__":null,"polluted_":1}',
];

describe("names that reach prototypes", () => {
  for (const value of values) {
    it(`are dropped from an event with ${value}`, async (t) => {
      const { connection, page } = await start(t);
      connection.webSocket.send(
        `[null,"9","lv:${page.id}","event",{"type":"click","event":"take","value":${value}}]`,
      );
      await connection.next(([, ref]) => ref === "9");
      assertHarmless();
    });
  }

  it("are dropped from the params of a join", async (t) => {
    const { connection, page } = await start(t);
    const base = JSON.stringify({ token: page.token, url: page.url });
    for (const [i, value] of values.entries()) {
      const params = value.replace("{", `{"_csrf_token":"${page.csrfToken}",`);
      connection.webSocket.send(
        `["j${i}","j${i}","lv:${page.id}","phx_join",${base.slice(0, -1)},"params":${params}}]`,
      );
      const [, , , , reply] = await connection.next(([, ref]) => ref === `j${i}`);
      assert.equal(reply.status, "ok", value);
    }
    assertHarmless();
  });

  it("do not replace the payload itself", async (t) => {
    const { connection, page } = await start(t);
    for (const frame of [
      `[null,"1x","lv:${page.id}","event",{"__proto__":{"type":"click","event":"take","value":{}}}]`,
      `["1x","1x","lv:${page.id}","phx_join",{"__proto__":${JSON.stringify({ token: page.token, url: page.url })}}]`,
    ]) {
      connection.frames.length = 0;
      connection.webSocket.send(frame);
      const [, , , , reply] = await connection.next(([, ref]) => ref === "1x");
      assert.equal(reply.status, "error");
    }
  });

  const queries = [
    "__proto__[polluted]=1",
    "a[__proto__][polluted]=1",
    "%5F%5Fproto__[polluted]=1",
    "a%5B__proto__%5D%5Bpolluted%5D=1",
    "constructor[prototype][polluted]=1",
    "a[constructor][prototype][polluted]=1",
    "%63onstructor[prototype][polluted]=1",
    "a[][constructor][prototype][polluted]=1",
    "a=1&a[__proto__][polluted]=1",
    "__proto__=1&__proto__[polluted]=1",
    "[__proto__][polluted]=1",
  ];
  for (const query of queries) {
    it(`are dropped from the form and the URL ${query}`, async (t) => {
      const { server, visitor, connection, page } = await start(t);
      assert.equal((await connection.submit(page, "take", query)).status, "ok");
      assert.equal(
        (await connection.push(`lv:${page.id}`, "live_patch", { url: `${page.url}?${query}` }))
          .status,
        "ok",
      );
      assert.equal((await connection.join(page, { url: `${page.url}?${query}` })).status, "ok");
      assert.equal((await visitor.fetch(`/?${query}`)).status, 200);
      assertHarmless();
      assert.deepEqual(server.errors, []);
    });
  }

  it("are allowed in values, and harmless keys that contain them are kept", async (t) => {
    const { connection, page } = await start(t);
    got = [];
    const value = {
      text: "__proto__",
      constructor: "a builder",
      prototype: 1,
      list: ["constructor"],
    };
    await connection.click(page, "take", value);
    await connection.submit(page, "take", "text=__proto__&constructor=a+builder");
    assert.deepEqual(JSON.parse(JSON.stringify(got)), [
      value,
      { text: "__proto__", constructor: "a builder" },
    ]);
  });
});
