import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import {
  halt,
  type Live,
  LiveRouter,
  liveView,
  navigate,
  onMount,
  redirect,
} from "@live-session/adapter-koa";
import type { Middleware } from "koa";
import { html } from "lit";
import { Signer } from "../../../src/koa/session/signer.js";
import { type LiveServer, secret, startServer } from "../../support/server.js";
import { Visitor } from "../../support/visitor.js";

const shownLive = liveView("ShownLive", {
  render: ({ flash }) => html`<p>flash:${JSON.stringify(flash)}</p>`,
});
const goingLive = liveView("GoingLive", {
  mount({ params, socket }) {
    socket.putFlash("info", "You were sent on.");
    if (params.external !== undefined)
      socket.redirect({ external: "https://example.com/there?x=1" });
    else if (params.permanent !== undefined) socket.redirect("/shown", { status: 308 });
    else if (params.navigate !== undefined) socket.pushNavigate("/shown");
    else socket.redirect("/shown");
  },
  render: () => html`<p>never</p>`,
});
const patchingLive = liveView("PatchingLive", {
  handleParams({ params, socket }) {
    if (params.to === undefined) socket.pushPatch("/patching?to=1");
  },
  render: () => html`<p>patched</p>`,
});
const refusing = onMount("refusing", ({ params, socket }) => {
  socket.putFlash("error", "You must log in.");
  return halt(params.navigate === undefined ? redirect("/shown") : navigate("/shown"));
});

const createRouter = () => {
  const router = new LiveRouter();
  router.live("/shown", shownLive).live("/going", goingLive).live("/patching", patchingLive);
  router.liveSession("refused", { onMount: [refusing] }).live("/refused", shownLive);
  return router;
};

const flashOf = (text: string): unknown =>
  JSON.parse(
    /flash:<!--lit-part-->(.*?)<!--/.exec(text)?.[1]?.replaceAll(/&quot;|&#34;/g, '"') ?? "null",
  );

/** Middleware of a plain page that stores messages for the next page. */
const remembering =
  (live: () => Live): Middleware =>
  (ctx, next) => {
    if (ctx.path !== "/remember") return next();
    live().putFlash(ctx, "info", "From a plain page <b>");
    live().putFlash(ctx, "error", "Replaced");
    live().putFlash(ctx, "error", "Another");
    ctx.redirect("/shown");
  };

/** Starts a server with that page. */
async function startRemembering(
  t: Pick<TestContext, "after">,
  router: LiveRouter,
  ...before: Middleware[]
) {
  const server: LiveServer = await startServer(t, router, {
    before: [...before, remembering(() => server.live)],
  });
  return server;
}

describe("a redirect on the disconnected mount", () => {
  for (const [path, status, location] of [
    ["/going", 302, "/shown"],
    ["/going?permanent", 308, "/shown"],
    ["/going?external", 302, "https://example.com/there?x=1"],
    ["/going?navigate", 302, "/shown"],
    ["/refused", 302, "/shown"],
    ["/refused?navigate", 302, "/shown"],
    ["/patching", 302, "/patching?to=1"],
  ] as const) {
    it(`of ${path} answers ${status} with the location ${location}`, async (t) => {
      const visitor = new Visitor(await startServer(t, createRouter()));
      const { status: got, headers, text } = await visitor.fetch(path);
      assert.deepEqual([got, headers.location], [status, location]);
      assert.ok(!text.includes("<live-session"));
    });
  }

  it("keeps the flash for the next page, which shows it once", async (t) => {
    const visitor = new Visitor(await startServer(t, createRouter()));
    await visitor.fetch("/refused");
    const shown = await visitor.fetch("/shown");
    assert.deepEqual(flashOf(shown.text), { error: "You must log in." });
    assert.deepEqual(flashOf((await visitor.fetch("/shown")).text), {});
  });

  it("shows the same message of two consecutive redirects both times", async (t) => {
    const visitor = new Visitor(await startServer(t, createRouter()));
    for (let i = 0; i < 2; i++) {
      await visitor.fetch("/going");
      assert.deepEqual(flashOf((await visitor.fetch("/shown")).text), {
        info: "You were sent on.",
      });
    }
  });

  it("loses the flash, but nothing else, in an app without sessions", async (t) => {
    const visitor = new Visitor(await startServer(t, createRouter(), { sessions: false }));
    assert.equal((await visitor.fetch("/refused")).headers.location, "/shown");
    assert.deepEqual(flashOf((await visitor.fetch("/shown")).text), {});
  });
});

describe("the flash of a plain page", () => {
  /** A plain page that shows its messages, and a live page with an event that redirects to it. */
  async function start(t: Parameters<typeof startServer>[0]) {
    const sendingLive = liveView("SendingLive", {
      mount({ params, socket }) {
        socket.putFlash("info", "From a live page <b>");
        if (params.now !== undefined) socket.redirect("/plain");
      },
      handleEvent: {
        leave({ socket }) {
          socket.putFlash("error", "From an event");
          socket.redirect("/plain");
        },
      },
      render: () => html`<p>sending</p>`,
    });
    const router = createRouter().live("/sending", sendingLive);
    const plain: Middleware = (ctx, next) => {
      if (ctx.path !== "/plain") return next();
      ctx.body = server.live.takeFlash(ctx);
    };
    const server = await startRemembering(t, router, plain);
    return new Visitor(server);
  }
  const plainFlash = async (visitor: Visitor): Promise<unknown> =>
    JSON.parse((await visitor.fetch("/plain")).text);

  it("contains the message of a redirect of the disconnected mount only once", async (t) => {
    const visitor = await start(t);
    assert.equal((await visitor.fetch("/sending?now")).headers.location, "/plain");
    assert.deepEqual(await plainFlash(visitor), { info: "From a live page <b>" });
    assert.deepEqual(await plainFlash(visitor), {});
    assert.deepEqual(flashOf((await visitor.fetch("/shown")).text), {});
  });

  it("contains the message of a redirect of the connected view only once", async (t) => {
    const visitor = await start(t);
    const { connection, page } = await visitor.visit("/sending");
    const { response } = await connection.click(page, "leave");
    assert.equal(response.redirect.to, "/plain");
    visitor.setCookie("__live_flash__", response.redirect.flash);
    assert.deepEqual(await plainFlash(visitor), { error: "From an event" });
    assert.ok(!visitor.hasCookie("__live_flash__"));
    assert.deepEqual(await plainFlash(visitor), {});
  });

  it("contains the message of another plain page, and ignores a forged cookie", async (t) => {
    const visitor = await start(t);
    await visitor.fetch("/remember");
    visitor.setCookie("__live_flash__", "forged");
    assert.deepEqual(await plainFlash(visitor), {
      info: "From a plain page <b>",
      error: "Another",
    });
  });
});

describe("the flash of a page", () => {
  it("contains messages of a plain page from the session, one of each kind, escaped", async (t) => {
    const visitor = new Visitor(await startRemembering(t, createRouter()));
    await visitor.fetch("/remember");
    const { text } = await visitor.fetch("/shown");
    assert.ok(!text.includes("<b>"));
    assert.deepEqual(flashOf(text), { info: "From a plain page &lt;b&gt;", error: "Another" });
    assert.deepEqual(flashOf((await visitor.fetch("/shown")).text), {});
  });

  it("is still there after the connected mount, and empty after a rejoin", async (t) => {
    const visitor = new Visitor(await startRemembering(t, createRouter()));
    await visitor.fetch("/remember");
    const page = await visitor.load("/shown");
    const connection = await visitor.connect();
    const first = await connection.join(page);
    assert.deepEqual(first.response.flash, { info: "From a plain page <b>", error: "Another" });
    const again = await connection.join(page, {
      params: { _csrf_token: page.csrfToken, _mounts: 1 },
    });
    assert.deepEqual(again.response.flash, {});
  });

  it("is read once from a signed cookie of the browser, which replaces messages of the session", async (t) => {
    const visitor = new Visitor(await startRemembering(t, createRouter()));
    await visitor.fetch("/remember");
    visitor.setCookie(
      "__live_flash__",
      new Signer([secret]).sign("flash", { info: "From a navigation" }),
    );
    const { text } = await visitor.fetch("/shown");
    assert.deepEqual(flashOf(text), { info: "From a navigation", error: "Another" });
    assert.ok(!visitor.hasCookie("__live_flash__"));
    assert.deepEqual(flashOf((await visitor.fetch("/shown")).text), {});
  });

  it("ignores a cookie that is forged, malformed, signed for another purpose, or without strings", async (t) => {
    const visitor = new Visitor(await startServer(t, createRouter()));
    const ours = new Signer([secret]);
    for (const value of [
      new Signer(["another secret of somebody else, long enough"]).sign("flash", {
        info: "forged",
      }),
      ours.sign("join", { info: "another purpose" }),
      ours.sign("flash", { info: { html: 1 }, list: ["x"] }),
      ours.sign("flash", "text"),
      `${ours.sign("flash", { info: "cut off" }).slice(0, -1)}`,
      "%E0%A4%A",
      "a.b",
      ".",
    ]) {
      visitor.setCookie("__live_flash__", value);
      const { status, text } = await visitor.fetch("/shown");
      assert.equal(status, 200);
      assert.deepEqual(flashOf(text), {}, value);
    }
  });

  it("is valid for 60 seconds in the browser", async (t) => {
    t.mock.timers.enable({ apis: ["Date"], now: Date.parse("2026-11-23T12:00:00Z") });
    const visitor = new Visitor(await startServer(t, createRouter()));
    const brought = new Signer([secret]).sign("flash", { info: "late" });
    t.mock.timers.tick(60_000);
    visitor.setCookie("__live_flash__", brought);
    assert.deepEqual(flashOf((await visitor.fetch("/shown")).text), { info: "late" });
    t.mock.timers.tick(1);
    visitor.setCookie("__live_flash__", brought);
    assert.deepEqual(flashOf((await visitor.fetch("/shown")).text), {});
  });
});
