import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  cont,
  halt,
  LiveRouter,
  liveEvent,
  liveView,
  onMount,
  reply,
} from "@live-session/adapter-koa";
import { notificationMessage, notifications } from "@live-session/adapter-koa/hooks";
import { applyDiff, applyPatch } from "@live-session/components/protocol";
import { html } from "lit";
import { startServer } from "../../support/server.js";
import { type LivePage, Visitor } from "../../support/visitor.js";

let got: unknown[] = [];

const eventsLive = liveView("EventsLive", {
  types: {} as { own: { count: number; items: readonly { id: number; text: string }[] } },
  mount({ socket }) {
    socket.assign({ count: 0, items: [{ id: 1, text: "one" }] });
    socket.provide("items");
    socket.pageTitle = "At first";
    socket.pushEvent("mounted", { at: "mount" });
  },
  handleEvent: {
    take({ payload }) {
      got.push(payload);
    },
    inc({ socket }) {
      socket.assign({ count: socket.assigns.count + 1 });
      return reply({ count: socket.assigns.count });
    },
    async slow({ socket }) {
      await new Promise((resolve) => setImmediate(resolve));
      socket.assign({ count: socket.assigns.count * 10 });
    },
    push({ socket }) {
      socket.pushEvent("first", { n: 1 });
      socket.pushEvent("second");
      socket.assign({ count: 5 });
      socket.pushEvent("third", { n: [3] });
    },
    title({ socket, payload }) {
      socket.pageTitle = (payload as { title: string }).title;
    },
    add({ socket }) {
      socket.assign({ items: [{ id: 2, text: "two" }, ...socket.assigns.items] });
    },
    checked: liveEvent(
      {
        "~standard": {
          version: 1,
          vendor: "tests",
          validate: (value) =>
            typeof (value as { age?: unknown } | null)?.age === "number"
              ? { value }
              : { issues: [{ message: "is not a number", path: ["age"] }] },
        },
      },
      ({ payload }) => {
        got.push(payload);
      },
    ),
    crash() {
      throw new Error("the view has a bug");
    },
    async crashLater() {
      await null;
      throw new Error("the view has a bug");
    },
    throwText() {
      throw "a text";
    },
    throwNothing() {
      throw undefined;
    },
    badReturn: (() => ({ not: "a reply" })) as never,
    badReply: () => reply({ big: 1n } as never),
  },
  render: ({ count }) => html`<p>count: ${count}</p>`,
});

const answering = onMount("answering", ({ socket }) => {
  socket.attachHook("answers", "handleEvent", ({ event: name }) =>
    name === "hooked" ? halt(reply({ by: "hook" })) : cont(),
  );
  return cont();
});

const createRouter = () => {
  const router = new LiveRouter();
  router.liveSession("events", { onMount: [answering, notifications()] }).live("/", eventsLive);
  return router;
};

async function start(t: Parameters<typeof startServer>[0]) {
  got = [];
  const server = await startServer(t, createRouter());
  const visitor = new Visitor(server);
  return { server, visitor, ...(await visitor.visit("/")) };
}

describe("an event", () => {
  it("passes the value of a click unchanged, whatever its type", async (t) => {
    const { connection, page } = await start(t);
    const values = [{}, { a: { b: [1, null, true] } }, [], "text", 0, null, false];
    for (const value of values) await connection.click(page, "take", value);
    assert.deepEqual(got, values);
  });

  it("passes an empty object if it has no value", async (t) => {
    const { connection, page } = await start(t);
    await connection.push(`lv:${page.id}`, "event", { type: "click", event: "take" });
    assert.deepEqual(got, [{}]);
  });

  it("passes the fields of a form nested and decoded", async (t) => {
    const { connection, page } = await start(t);
    await connection.submit(
      page,
      "take",
      "user[email]=a%40b.example&user[tags][]=x&user[tags][]=y+z&q=%C3%A4&e=",
    );
    assert.deepEqual(JSON.parse(JSON.stringify(got)), [
      { user: { email: "a@b.example", tags: ["x", "y z"] }, q: "ä", e: "" },
    ]);
  });

  it("drops form fields that are nested too deeply or exceed the limit of fields", async (t) => {
    const { connection, page } = await start(t);
    await connection.submit(page, "take", `a${"[b]".repeat(5000)}=1`);
    await connection.submit(
      page,
      "take",
      Array.from({ length: 3000 }, (_, i) => `f${i}=`).join("&"),
    );
    await connection.submit(page, "take", "a[999999999]=1");
    const [deep, long, sparse] = got as [unknown, object, { a: unknown }];
    assert.ok(JSON.stringify(deep).split("{").length < 15);
    assert.equal(Object.keys(long).length, 1000);
    assert.ok(!Array.isArray(sparse.a));
  });

  it("is answered with the changes and the handler's reply", async (t) => {
    const { connection, page } = await start(t);
    const { status, response } = await connection.click(page, "inc");
    assert.equal(status, "ok");
    assert.deepEqual(response.reply, { count: 1 });
    assert.deepEqual(Object.values(response.diff), [1]);
    assert.deepEqual(Object.keys(response), ["diff", "reply"]);
  });

  it("is answered with an empty reply if it changes nothing", async (t) => {
    const { connection, page } = await start(t);
    assert.deepEqual(await connection.click(page, "take"), { status: "ok", response: {} });
  });

  it("may be answered by a hook", async (t) => {
    const { connection, page } = await start(t);
    assert.deepEqual((await connection.click(page, "hooked")).response, { reply: { by: "hook" } });
  });

  it("waits until the previous event has been handled, awaited to its end", async (t) => {
    const { connection, page } = await start(t);
    const answers = [
      connection.click(page, "inc"),
      connection.click(page, "slow"),
      connection.click(page, "inc"),
      connection.click(page, "slow"),
    ];
    const settled = await Promise.all(answers);
    assert.deepEqual(
      settled.map(({ response }) => response.reply?.count),
      [1, undefined, 11, undefined],
    );
    const replies = connection.of("phx_reply").slice(-4);
    assert.deepEqual(
      replies.map(([, ref]) => ref),
      replies.map(([, ref]) => ref).toSorted((a, b) => Number(a) - Number(b)),
    );
    const diffs = replies.flatMap(([, , , , { response }]) => Object.values(response.diff ?? {}));
    assert.equal(diffs.at(-1), 110);
  });

  it("does not reach the handler if a schema refuses its payload", async (t) => {
    const { connection, page } = await start(t);
    const refused = await connection.click(page, "checked", { age: { $gt: 0 } });
    assert.deepEqual(refused, {
      status: "ok",
      response: { reply: { issues: { age: ["is not a number"] } } },
    });
    await connection.click(page, "checked", { age: 5 });
    assert.deepEqual(got, [{ age: 5 }]);
  });
});

describe("an update of a view", () => {
  it("contains its events in the order of pushing, with the changes of the same callback", async (t) => {
    const { connection, page } = await start(t);
    const joined = connection.frames[0]?.[4].response;
    assert.deepEqual(joined.events, [["mounted", { at: "mount" }]]);
    const { response } = await connection.click(page, "push");
    assert.deepEqual(response.events, [
      ["first", { n: 1 }],
      ["second", {}],
      ["third", { n: [3] }],
    ]);
    assert.deepEqual(Object.values(response.diff), [5]);
    assert.equal((await connection.click(page, "take")).response.events, undefined);
  });

  it("contains its title if that has changed", async (t) => {
    const { connection, page } = await start(t);
    assert.equal(connection.frames[0]?.[4].response.title, "At first");
    assert.match(page.html, /<title>(<!--.*?-->)?At first/);
    assert.deepEqual((await connection.click(page, "title", { title: "<b> & more" })).response, {
      title: "<b> & more",
    });
    assert.deepEqual((await connection.click(page, "title", { title: "<b> & more" })).response, {});
  });

  it("contains a patch of its provided data", async (t) => {
    const { server, connection, page } = await start(t);
    const { provided } = connection.frames[0]?.[4].response ?? {};
    assert.deepEqual(provided, { notifications: [], items: [{ id: 1, text: "one" }] });
    const { response } = await connection.click(page, "add");
    assert.equal(response.diff, undefined);
    const added = applyPatch(provided, response.provided);
    assert.deepEqual(added.items, [
      { id: 2, text: "two" },
      { id: 1, text: "one" },
    ]);
    server.live.broadcast("notifications", notificationMessage({ id: "n", title: "<b>" }));
    const [joinRef, ref, , , update] = await connection.next((frame) => frame[3] === "diff");
    assert.deepEqual([joinRef, ref], [connection.frames[0]?.[0], null]);
    assert.deepEqual(applyPatch(added, update.provided).notifications, [{ id: "n", title: "<b>" }]);
    await connection.click(page, "notifications:close", { id: "unknown" });
    const closed = await connection.click(page, "notifications:close", { id: "n" });
    assert.deepEqual(
      applyPatch(applyPatch(added, update.provided), closed.response.provided),
      added,
    );
  });

  it("brings the page to the state of the view when applied after the earlier updates", async (t) => {
    const { connection, page } = await start(t);
    let tree = connection.frames[0]?.[4].response.rendered;
    for (let i = 0; i < 3; i++)
      tree = applyDiff(tree, (await connection.click(page, "inc")).response.diff);
    assert.match(JSON.stringify(tree), /"v":\[3\]/);
  });
});

describe("a view that throws", () => {
  const crashes = [
    "crash",
    "crashLater",
    "badReturn",
    "badReply",
    "throwText",
    "throwNothing",
    "unheard-of",
  ];
  for (const name of crashes) {
    it(`at ${name} ends alone, notifies the browser and the app, and can be joined again`, async (t) => {
      const { server, visitor, connection, page } = await start(t);
      const other = await visitor.load("/");
      await connection.join(other);
      await connection.click(other, "inc");
      await connection.click(page, "inc");
      connection.send(`lv:${page.id}`, "event", {
        type: "click",
        event: name,
        value: { password: "hunter2" },
      });
      const [joinRef, , topic, , payload] = await connection.next(
        (frame) => frame[3] === "phx_error",
      );
      assert.deepEqual([joinRef, topic, payload], [connection.frames[0]?.[0], `lv:${page.id}`, {}]);
      assert.equal(server.errors.length, 1);
      assert.ok(server.errors[0] instanceof Error);
      const unmatched = await connection.click(page, "inc");
      assert.deepEqual(unmatched.response, { reason: "unmatched topic" });
      assert.deepEqual((await connection.click(other, "inc")).response.reply, { count: 2 });
      const again = await connection.join(page, {
        params: { _csrf_token: page.csrfToken, _mounts: 1 },
      });
      assert.equal(again.status, "ok");
      assert.deepEqual((await connection.click(page, "inc")).response.reply, { count: 1 });
      const text = server.errors.map(({ stack, message }) => `${stack} ${message}`).join();
      for (const secret of ["hunter2", page.token, page.csrfToken])
        assert.ok(!text.includes(secret));
    });
  }

  it("handles none of the messages that wait in its mailbox", async (t) => {
    const { server, connection, page } = await start(t);
    connection.send(`lv:${page.id}`, "event", { type: "click", event: "slow", value: {} });
    connection.send(`lv:${page.id}`, "event", { type: "click", event: "crash", value: {} });
    connection.send(`lv:${page.id}`, "event", { type: "click", event: "take", value: 1 });
    await connection.next((frame) => frame[3] === "phx_error");
    await connection.settled();
    assert.deepEqual(got, []);
    assert.equal(server.errors.length, 1);
  });

  it("keeps the server running even if the app has no error listener", async (t) => {
    const { server, connection, page } = await start(t);
    server.app.removeAllListeners("error");
    server.app.silent = true;
    server.app.on("error", server.app.onerror);
    for (const name of ["throwText", "throwNothing", "crash"]) {
      connection.send(`lv:${page.id}`, "event", { type: "click", event: name, value: {} });
      await connection.next((frame) => frame[3] === "phx_error");
      connection.frames.length = 0;
      assert.equal((await connection.join(page)).status, "ok");
    }
  });
});

describe("a mount that throws when connected", () => {
  it("answers the join with crashed and reports the error to the app", async (t) => {
    const failing = onMount("failing", ({ socket }) => {
      if (socket.connected) throw new Error("no database");
      return cont();
    });
    const router = new LiveRouter();
    const plainLive = liveView("PlainLive", { render: () => html`<p></p>` });
    router.liveSession("failing", { onMount: [failing] }).live("/", plainLive);
    const server = await startServer(t, router);
    const visitor = new Visitor(server);
    const page: LivePage = await visitor.load("/");
    const connection = await visitor.connect();
    assert.deepEqual(await connection.join(page), {
      status: "error",
      response: { reason: "crashed" },
    });
    assert.deepEqual(
      server.errors.map(({ message }) => message),
      ["no database"],
    );
    assert.equal((await connection.click(page, "any")).response.reason, "unmatched topic");
  });

  it("makes the browser load the page, which answers with the error's status, if the request caused the error", async (t) => {
    const postLive = liveView("PostLive", {
      mount({ params: { id } }) {
        if (id === "2") throw Object.assign(new Error("no such post"), { status: 404 });
      },
      render: () => html`<p>A post</p>`,
    });
    const server = await startServer(t, new LiveRouter().live("/posts/:id", postLive));
    server.app.silent = true;
    const { page, connection } = await new Visitor(server).visit("/posts/1");
    const redirect = `${server.origin}/posts/2`;
    const { status, response } = await connection.join(page, { redirect });
    assert.deepEqual([status, response], ["error", { reason: "stale" }]);
    assert.equal((await new Visitor(server).fetch("/posts/2")).status, 404);
  });
});
