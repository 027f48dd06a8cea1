import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  cont,
  halt,
  LiveRouter,
  liveView,
  navigate,
  onMount,
  type PageMiddleware,
  redirect,
} from "@live-session/adapter-koa";
import { html } from "lit";
import { Signer } from "../../../src/koa/session/signer.js";
import { CountingPubSub } from "../../support/pub-sub/counting-pub-sub.js";
import { secret, startServer } from "../../support/server.js";
import { Visitor } from "../../support/visitor.js";
import { toText } from "../../support/wire-html.js";

let hooks: string[] = [];

const tracing = onMount("tracing", ({ socket }) => {
  hooks.push(
    `${socket.connected ? "connected" : "disconnected"} ${socket.view.name} ${socket.liveAction}`,
  );
  return cont();
});

const startLive = liveView("StartLive", {
  types: {} as { own: { seen: string } },
  mount({ socket }) {
    socket.subscribe("start");
    socket.assign({ seen: "nothing" });
  },
  handleParams({ params, url, socket }) {
    socket.assign({ seen: `${JSON.stringify(params)} ${url}` });
  },
  handleEvent: {
    go({ socket }) {
      socket.pushEvent("leaving", {});
      socket.putFlash("info", "Welcome!");
      socket.pushNavigate("/target?by=event");
    },
    replace: ({ socket }) => socket.pushNavigate("/target", { replace: true }),
    redirect({ socket }) {
      socket.redirect({ external: "https://example.com/" });
    },
    patch: ({ socket }) => socket.pushPatch("/start/7?by=patch"),
    patchAway: ({ socket }) => socket.pushPatch("/target"),
    evil: ({ socket }) => socket.redirect("//evil.example"),
  },
  handleInfo: ({ message, socket }) => {
    socket.pushEvent("leaving", {});
    if (message === "patch") socket.pushPatch("/start/8", { replace: true });
    else socket.pushNavigate("/target");
  },
  render: ({ seen, flash }) => html`<p>start ${seen} ${JSON.stringify(flash)}</p>`,
});
const targetLive = liveView("TargetLive", {
  render: ({ flash, liveAction }) => html`<h1>target ${liveAction} ${JSON.stringify(flash)}</h1>`,
});
const patchingLive = liveView("PatchingLive", {
  types: {} as { own: { page: string } },
  handleParams({ params, socket }) {
    if (params.page === undefined) socket.pushPatch("/patching?page=1", { replace: true });
    else socket.assign({ page: String(params.page) });
  },
  render: ({ page }) => html`<p>page ${page}</p>`,
});
const loopingLive = liveView("LoopingLive", {
  handleParams: ({ socket }) => socket.pushPatch("/looping"),
  render: () => html`<p>never</p>`,
});
const leavingLive = liveView("LeavingLive", {
  mount({ params, socket }) {
    socket.putFlash("error", "Not here.");
    if (params.event !== undefined) socket.pushEvent("leaving", { from: params.event });
    if (params.navigate !== undefined) socket.pushNavigate("/target", { replace: true });
    else socket.redirect("/log_in");
  },
  render: () => html`<p>never</p>`,
});

const sending = onMount("sending", ({ params, socket }) => {
  if (!socket.connected) return cont();
  socket.putFlash("info", "Sent on.");
  return halt(params.navigate === undefined ? redirect("/log_in") : navigate("/target"));
});

function createRouter(): LiveRouter {
  const router = new LiveRouter({ layout: ({ content }) => html`<main>${content}</main>` });
  router
    .liveSession("main", { onMount: [tracing] })
    .live("/start", startLive, "index")
    .live("/start/:id", startLive, "show")
    .live("/target", targetLive, "target")
    .live("/patching", patchingLive)
    .live("/looping", loopingLive)
    .live("/leaving", leavingLive);
  router.liveSession("sending", { onMount: [sending] }).live("/sending", targetLive);
  return router;
}

async function start(t: Parameters<typeof startServer>[0], path = "/start") {
  const pubSub = new CountingPubSub();
  const server = await startServer(t, createRouter(), { pubSub });
  const visitor = new Visitor(server);
  const page = await visitor.load(path);
  const connection = await visitor.connect();
  hooks = [];
  return { server, pubSub, visitor, page, connection, at: (to: string) => `${server.origin}${to}` };
}

describe("a live navigation", () => {
  it("mounts the target on the same socket and topic, and runs the hooks of its live session", async (t) => {
    const { connection, page, at, pubSub } = await start(t);
    assert.equal((await connection.join(page)).status, "ok");
    assert.equal(pubSub.active.get("start"), 1);
    await connection.push(`lv:${page.id}`, "phx_leave", {});
    const navigated = await connection.join(page, { redirect: at("/target") });
    assert.match(connection.textOf(navigated.response.rendered), /<h1>target target {}<\/h1>/);
    assert.equal(pubSub.active.size, 0);
    const back = await connection.join(page, { redirect: at("/start/3?x=1#hash") });
    assert.equal(back.status, "ok");
    assert.match(JSON.stringify(back.response.rendered), /start\/3\?x=1#hash/);
    assert.deepEqual(hooks, [
      "connected StartLive index",
      "connected TargetLive target",
      "connected StartLive show",
    ]);
  });

  it("runs the hooks of the live session, as a join does, but none of its middleware", async (t) => {
    const ran: string[] = [];
    const seen = onMount("seen", ({ socket }) => {
      ran.push(`hook ${socket.connected}`);
      return cont();
    });
    const use: PageMiddleware = (_ctx, next) => {
      ran.push("middleware");
      return next();
    };
    const router = new LiveRouter();
    router
      .liveSession("guarded", { use, onMount: seen })
      .live("/a", targetLive, "a")
      .live("/b", targetLive, "b");
    const server = await startServer(t, router);
    const { connection, page } = await new Visitor(server).visit("/a");
    assert.deepEqual(ran.splice(0), ["middleware", "hook false", "hook true"]);
    await connection.push(`lv:${page.id}`, "phx_leave", {});
    const { status, response } = await connection.join(page, { redirect: `${server.origin}/b` });
    assert.equal(status, "ok");
    assert.match(connection.textOf(response.rendered), /target b/);
    assert.deepEqual(ran, ["hook true"]);
  });

  it("keeps nothing of the previous view, and calls the functions of assignNew again", async (t) => {
    const made: string[] = [];
    const making = onMount("making", async ({ socket }) => {
      const user = await socket.assignNew("user", () => `user ${made.push(socket.view.name)}`);
      return cont({ user });
    });
    const nameLive = (name: string) =>
      liveView(name, {
        types: {} as { needs: { user: string } },
        render: ({ user }) => html`<p>${user}</p>`,
      });
    const router = new LiveRouter();
    router
      .liveSession("made", { onMount: [making] })
      .live("/one", nameLive("OneLive"))
      .live("/two", nameLive("TwoLive"));
    const server = await startServer(t, router);
    const visitor = new Visitor(server);
    const page = await visitor.load("/one");
    const connection = await visitor.connect();
    const shown = [await connection.join(page)];
    for (const to of ["/two", "/two", "/one"]) {
      shown.push(await connection.join(page, { redirect: `${server.origin}${to}` }));
    }
    assert.deepEqual(made, ["OneLive", "OneLive", "TwoLive", "TwoLive", "OneLive"]);
    assert.deepEqual(
      shown.map(({ response }) => /user \d/.exec(JSON.stringify(response.rendered))?.[0]),
      ["user 2", "user 3", "user 4", "user 5"],
    );
  });

  it("does not send template strings that the connection already has", async (t) => {
    const { connection, page, at } = await start(t);
    await connection.join(page);
    await connection.join(page, { redirect: at("/target") });
    const back = await connection.join(page, { redirect: at("/start") });
    assert.equal(back.response.templates, undefined);
  });

  it("changes the key of the view's content each time, and keeps the layout", async (t) => {
    const { connection, page, at } = await start(t);
    const first = await connection.join(page);
    const params = { _csrf_token: page.csrfToken, _navigations: 1 };
    const second = await connection.join(page, { redirect: at("/target"), params });
    const keyOf = ({ response }: typeof first) => response.rendered.v[0].v[0];
    assert.deepEqual([keyOf(first), keyOf(second)], [0, 1]);
    assert.equal(first.response.rendered.t, second.response.rendered.t);
    for (const strange of [-1, 1.5, "1", null, {}, Number.MAX_VALUE]) {
      const answer = await connection.join(page, { params: { ...params, _navigations: strange } });
      assert.equal(keyOf(answer), 0, String(strange));
    }
  });

  it("from an event is in its reply, after the events pushed before, with a signed flash", async (t) => {
    const { connection, page, at, pubSub } = await start(t);
    await connection.join(page);
    const { status, response } = await connection.click(page, "go");
    assert.equal(status, "ok");
    const { flash, ...target } = response.live_redirect;
    assert.deepEqual(target, { to: "/target?by=event", kind: "push" });
    assert.deepEqual(response.events, [["leaving", {}]]);
    assert.ok(!flash.includes("Welcome"));
    assert.equal(pubSub.active.size, 0);
    assert.equal((await connection.click(page, "go")).response.reason, "unmatched topic");
    const next = await connection.join(page, { redirect: at("/target"), flash });
    assert.deepEqual(next.response.flash, { info: "Welcome!" });
    assert.match(connection.textOf(next.response.rendered), /{"info":"Welcome!"}/);
    const further = await connection.join(page, { redirect: at("/start") });
    assert.deepEqual(further.response.flash, {});
  });

  it("may replace the history entry", async (t) => {
    const { connection, page } = await start(t);
    await connection.join(page);
    const { response } = await connection.click(page, "replace");
    assert.deepEqual(response, { live_redirect: { to: "/target", kind: "replace" } });
  });

  it("from a message is a separate frame", async (t) => {
    const { server, connection, page } = await start(t);
    const { response } = await connection.join(page);
    assert.equal(response.events, undefined);
    server.live.broadcast("start", "go");
    const [joinRef, ref, , , payload] = await connection.next(
      (frame) => frame[3] === "live_redirect",
    );
    assert.deepEqual([joinRef, ref, payload], ["1", null, { to: "/target", kind: "push" }]);
    const order = connection.frames.slice(1).map((frame) => frame[3]);
    assert.deepEqual(order, ["diff", "live_redirect"]);
    assert.deepEqual(connection.of("diff")[0]?.[4], { events: [["leaving", {}]] });
  });

  it("to another site becomes a redirect, and must be declared as external", async (t) => {
    const { server, connection, page } = await start(t);
    await connection.join(page);
    const { response } = await connection.click(page, "redirect");
    assert.deepEqual(response, { redirect: { to: "https://example.com/" } });
    await connection.join(page);
    connection.send(`lv:${page.id}`, "event", { type: "click", event: "evil", value: {} });
    await connection.next((frame) => frame[3] === "phx_error");
    assert.equal((server.errors[0] as { code?: string } | undefined)?.code, "LIVE_ERR_NAVIGATION");
  });
});

describe("a join whose hook or mount redirects", () => {
  it("is answered with the target and the signed flash, and leaves no view", async (t) => {
    const { visitor } = await start(t);
    const page = await visitor.load("/sending");
    const connection = await visitor.connect();
    const { status, response } = await connection.join(page);
    const { flash, ...target } = response;
    assert.deepEqual([status, target], ["error", { reason: "redirect", to: "/log_in" }]);
    visitor.setCookie("__live_flash__", flash);
    assert.match((await visitor.fetch("/target")).text, /Sent on\./);
    const url = `${page.url}?navigate`;
    const navigated = await connection.join(page, { url });
    assert.deepEqual(
      { ...navigated.response, flash: "signed" },
      {
        reason: "live_redirect",
        to: "/target",
        kind: "push",
        flash: "signed",
      },
    );
    assert.equal((await connection.click(page, "any")).response.reason, "unmatched topic");
  });

  it("is answered with the events that were pushed before", async (t) => {
    const { connection, page, at } = await start(t);
    for (const target of ["redirect", "navigate"]) {
      const { response } = await connection.join(page, {
        redirect: at(`/leaving?event=a&${target}`),
      });
      assert.deepEqual(response.events, [["leaving", { from: "a" }]], target);
    }
    const { response } = await connection.join(page, { redirect: at("/leaving") });
    assert.ok(!("events" in response));
  });

  it("is answered in the same way if mount itself navigates", async (t) => {
    const { connection, page, at } = await start(t);
    const redirected = await connection.join(page, { redirect: at("/leaving") });
    assert.deepEqual(
      { ...redirected.response, flash: "signed" },
      {
        reason: "redirect",
        to: "/log_in",
        flash: "signed",
      },
    );
    const { response } = await connection.join(page, { redirect: at("/leaving?navigate") });
    assert.deepEqual(
      [response.reason, response.to, response.kind],
      ["live_redirect", "/target", "replace"],
    );
    const next = await connection.join(page, { redirect: at("/target"), flash: response.flash });
    assert.deepEqual(next.response.flash, { error: "Not here." });
  });

  it("is ok, with the patch that handleParams requested and its params", async (t) => {
    const { connection, page, at } = await start(t);
    const { status, response } = await connection.join(page, { redirect: at("/patching") });
    assert.equal(status, "ok");
    assert.deepEqual(response.patch, { to: "/patching?page=1", kind: "replace" });
    assert.match(connection.textOf(response.rendered), /page 1/);
  });

  it("crashes if handleParams patches endlessly", async (t) => {
    const { server, connection, page, at } = await start(t);
    const answer = await connection.join(page, { redirect: at("/looping") });
    assert.deepEqual(answer, { status: "error", response: { reason: "crashed" } });
    assert.equal((server.errors[0] as { code?: string } | undefined)?.code, "LIVE_ERR_PATCH");
  });
});

describe("the flash of a navigation", () => {
  it("is ignored if it is forged, signed for another purpose or not a string, and the join continues", async (t) => {
    const { connection, page, at } = await start(t);
    const ours = new Signer([secret]);
    const good = ours.sign("flash", { info: "Hello" });
    for (const flash of [
      `${good}x`,
      good.slice(1),
      new Signer(["another secret of somebody else, long enough"]).sign("flash", {
        info: "forged",
      }),
      ours.sign("join", { info: "another purpose" }),
      ours.sign("flash", { info: ["no text"] }),
      page.token,
      "",
      null,
      5,
      { info: "plain" },
    ]) {
      const { status, response } = await connection.join(page, { redirect: at("/target"), flash });
      assert.deepEqual([status, response.flash], ["ok", {}], JSON.stringify(flash));
    }
    const { response } = await connection.join(page, { redirect: at("/target"), flash: good });
    assert.deepEqual(response.flash, { info: "Hello" });
  });

  it("is valid for 60 seconds", async (t) => {
    t.mock.timers.enable({ apis: ["Date"], now: Date.parse("2026-11-23T12:00:00Z") });
    const { connection, page, at } = await start(t);
    const flash = new Signer([secret]).sign("flash", { info: "Hello" });
    t.mock.timers.tick(60_000);
    const inTime = await connection.join(page, { redirect: at("/target"), flash });
    assert.deepEqual(inTime.response.flash, { info: "Hello" });
    t.mock.timers.tick(1);
    const late = await connection.join(page, { redirect: at("/target"), flash });
    assert.deepEqual([late.status, late.response.flash], ["ok", {}]);
  });
});

describe("a patch", () => {
  it("of the browser keeps the view and passes the new URL to handleParams", async (t) => {
    const { connection, page, at } = await start(t);
    const { response } = await connection.join(page);
    const patched = await connection.push(`lv:${page.id}`, "live_patch", {
      url: at("/start/5?a[b]=c#here"),
    });
    assert.equal(patched.status, "ok");
    assert.ok(response.rendered);
    assert.deepEqual(Object.values(patched.response.diff), [
      `{"a":{"b":"c"},"id":"5"} ${at("/start/5?a[b]=c#here")}`,
    ]);
    assert.deepEqual(hooks, ["connected StartLive index"]);
  });

  it("passes its params and the full URL to handleParams hooks, as both mounts do", async (t) => {
    const seen: unknown[] = [];
    const seeing = onMount("seeing", ({ socket }) => {
      socket.attachHook("seeing", "handleParams", ({ params, url, socket }) => {
        seen.push([socket.connected, { ...params }, url]);
        return cont();
      });
      return cont();
    });
    const hookedLive = liveView("HookedLive", {
      handleEvent: { patch: ({ socket }) => socket.pushPatch("/seen/3?by=event") },
      render: () => html`<p>hooked</p>`,
    });
    const router = new LiveRouter();
    router.liveSession("seen", { onMount: [seeing] }).live("/seen/:id", hookedLive);
    const server = await startServer(t, router);
    const at = (path: string) => `${server.origin}${path}`;
    const { connection, page } = await new Visitor(server).visit("/seen/1?id=0&tab=a%20b");
    await connection.push(`lv:${page.id}`, "live_patch", { url: at("/seen/2#part") });
    await connection.click(page, "patch");
    assert.deepEqual(seen, [
      [false, { id: "1", tab: "a b" }, at("/seen/1?id=0&tab=a%20b")],
      [true, { id: "1", tab: "a b" }, at("/seen/1?id=0&tab=a%20b")],
      [true, { id: "2" }, at("/seen/2#part")],
      [true, { id: "3", by: "event" }, at("/seen/3?by=event")],
    ]);
  });

  it("from an event is in its reply, and from a message is a separate frame", async (t) => {
    const { server, connection, page } = await start(t);
    await connection.join(page);
    const { response } = await connection.click(page, "patch");
    assert.deepEqual(response.live_patch, { to: "/start/7?by=patch", kind: "push" });
    server.live.broadcast("start", "patch");
    const [, ref, , , target] = await connection.next((frame) => frame[3] === "live_patch");
    assert.deepEqual([ref, target], [null, { to: "/start/8", kind: "replace" }]);
    const [, , , , update] = await connection.next((frame) => frame[3] === "diff");
    assert.match(toText(Object.values(update.diff)[0], {}), /"id":"8"/);
  });

  for (const to of ["/target", "/sending", "/nowhere", "/users/secret-token-1"]) {
    it(`to ${to} ends the view, because the view has no route there`, async (t) => {
      const { server, connection, page, at } = await start(t);
      await connection.join(page);
      connection.send(`lv:${page.id}`, "live_patch", { url: at(to) });
      await connection.next((frame) => frame[3] === "phx_error");
      assert.deepEqual(hooks, ["connected StartLive index"]);
      assert.match(server.errors[0]?.message ?? "", /URL of a patch is not a URL of the view/);
      assert.ok(!server.errors[0]?.message.includes("secret-token"), server.errors[0]?.message);
    });
  }

  it("of the server to a path of another view ends the view", async (t) => {
    const { server, connection, page } = await start(t);
    await connection.join(page);
    connection.send(`lv:${page.id}`, "event", { type: "click", event: "patchAway", value: {} });
    await connection.next((frame) => frame[3] === "phx_error");
    assert.equal((server.errors[0] as { code?: string } | undefined)?.code, "LIVE_ERR_PATCH");
  });
});
