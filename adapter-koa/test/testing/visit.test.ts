import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { visit } from "@live-session/adapter-koa/testing";
import { html } from "lit";
import { appOf, createApp, pageOf } from "../support/app.js";
import { counterLive } from "../support/views/counter-live.js";

const plain = pageOf(() => html`<p>plain</p>`);

describe("visit", () => {
  it("shows the page of the HTTP response", async () => {
    const page = await visit(appOf(counterLive).app, "/");
    assert.equal(page.status, 200);
    assert.equal(page.path, "/");
    assert.equal(page.isConnected, false);
    assert.match(page.render(), /<p>0<\/p>/);
  });

  it("follows redirects and records them", async () => {
    const { app } = appOf(counterLive);
    app.middleware.unshift(async (ctx, next) =>
      ctx.path === "/old" ? ctx.redirect("/?new=1") : next(),
    );
    const page = await visit(app, "/old");
    assert.deepEqual(page.redirects, [{ status: 302, from: "/old", to: "/?new=1" }]);
    assert.equal(page.path, "/?new=1");
    page.assertRedirect("/?new=1");
    assert.throws(
      () => page.assertRedirect("/other"),
      /Expected: a redirect to \/other\nGot: \/\?new=1/,
    );
  });

  it("does not follow a redirect to another site", async () => {
    const { app } = appOf(counterLive);
    app.middleware.unshift((ctx) => ctx.redirect("https://example.com/x"));
    const page = await visit(app, "/");
    assert.equal(page.status, 302);
    page.assertRedirect("https://example.com/x");
  });

  it("fails for endless redirects", async () => {
    const { app } = appOf(counterLive);
    app.middleware.unshift((ctx) => ctx.redirect("/"));
    await assert.rejects(visit(app, "/"), /redirects endlessly\nCandidates:\n {2}\/ → \//);
  });

  it("sends cookies and headers, and keeps the cookies of responses", async () => {
    const { app } = appOf(counterLive);
    const seen: (string | undefined)[] = [];
    app.middleware.unshift((ctx, next) => {
      seen.push(ctx.cookies.get("who"), ctx.get("x-test"), ctx.host);
      ctx.cookies.set("given", "2");
      return next();
    });
    const options = {
      cookies: { who: "me" },
      headers: { "x-test": "1" },
      origin: "http://site.test:81",
    };
    const page = await visit(app, "/", options);
    await page.connect();
    assert.deepEqual(seen, ["me", "1", "site.test:81", "me", "1", "site.test:81"]);
    assert.equal(page.cookies.get("given"), "2");
  });

  it("opens another tab of a browser with the cookies of a page", async () => {
    const { app } = appOf(counterLive);
    app.middleware.unshift((ctx) => {
      ctx.body = `visits: ${ctx.cookies.get("visits") ?? 0}`;
      ctx.cookies.set("visits", String(1 + Number(ctx.cookies.get("visits") ?? 0)));
    });
    const page = await visit(app, "/");
    const tab = await visit(app, "/", { cookies: page.cookies });
    assert.match(tab.render(), /visits: 1/);
    assert.equal(page.cookies.get("visits"), "2");
  });

  it("fails with the error that the app threw", async () => {
    const { app } = appOf(
      pageOf(() => {
        throw new Error("a broken page");
      }),
    );
    await assert.rejects(visit(app, "/"), /GET \/ responded with 500: a broken page/);
  });

  it("shows an error page like any other page", async () => {
    const page = await visit(appOf(counterLive).app, "/missing");
    assert.equal(page.status, 404);
    await assert.rejects(
      page.connect(),
      /\/missing responded with 404, so there is no view to connect/,
    );
  });
});

describe("page.connect", () => {
  it("joins the view", async () => {
    const { app, live } = appOf(counterLive);
    const page = await visit(app, "/");
    await page.connect();
    assert.ok(page.isConnected);
    assert.equal(live.connections, 1);
    await assert.rejects(page.connect(), /connected already/);
  });

  it("fails on a page without a view", async () => {
    const { app } = appOf(counterLive);
    app.use((ctx) => {
      ctx.body = "<p>no view</p>";
    });
    const page = await visit(app, "/plain");
    await assert.rejects(page.connect(), /\/plain has no live view/);
  });

  it("fails with the error that the view threw", async () => {
    const { app } = appOf(
      pageOf(() => html`<p></p>`, {
        mount({ socket }: { socket: { connected: boolean } }) {
          if (socket.connected) throw new Error("a broken mount");
        },
      }),
    );
    const page = await visit(app, "/");
    await assert.rejects(page.connect(), /the view could not be mounted: a broken mount/);
  });

  it("fails when the handshake is refused", async () => {
    const { app } = appOf(counterLive);
    app.middleware.unshift((ctx, next) =>
      ctx.path === "/live/websocket" ? ctx.throw(429) : next(),
    );
    const page = await visit(app, "/");
    await assert.rejects(page.connect(), /the socket was refused: .*429/);
  });

  it("fails when the join is refused", async () => {
    const { app } = appOf(counterLive);
    const page = await visit(app, "/");
    page.cookies.clear();
    await assert.rejects(page.connect(), /the view refused the join\nGot: stale/);
  });

  it("fails with the HTTP error that the view threw, and its status", async () => {
    const { app } = appOf(
      pageOf(() => html`<p></p>`, {
        mount({ socket }: { socket: { connected: boolean } }) {
          if (socket.connected) throw Object.assign(new Error("no such user"), { status: 404 });
        },
      }),
    );
    const page = await visit(app, "/");
    await assert.rejects(page.connect(), ({ message, cause }: Error) => {
      assert.equal(
        message,
        "the view refused the join: no such user\nGot: stale, for the status 404",
      );
      return (cause as Error).message === "no such user";
    });
    assert.equal(page.isConnected, false);
  });

  it("sends connect params, and sends them again for the next view", async () => {
    const params: unknown[] = [];
    const view = pageOf(() => html`<p></p>`, {
      mount({ socket }: { socket: { connectParams: Record<string, unknown> | null } }) {
        params.push(socket.connectParams?.theme);
      },
    });
    const page = await visit(
      createApp((router) => router.liveSession("tested").live("/", view, "a").live("/b", view, "b"))
        .app,
      "/",
    );
    await page.connect({ theme: "dark" });
    await page.navigate("/b");
    assert.deepEqual(params, [undefined, "dark", "dark"]);
  });

  it("ends with disconnect and mounts again with reconnect", async () => {
    const { app, live } = appOf(counterLive);
    const page = await visit(app, "/");
    await page.connect();
    await page.push("inc");
    await page.disconnect();
    assert.equal(live.connections, 0);
    assert.ok(page.hasElement("p", "1"));
    await assert.rejects(
      page.push("inc"),
      /the page is not connected\nExpected: await page.connect\(\) first/,
    );
    await page.reconnect();
    assert.ok(page.hasElement("p", "0"));
  });

  it("detects that the server has ended the connection", async () => {
    const { app, live } = appOf(plain);
    const page = await visit(app, "/");
    await page.connect();
    await live.close();
    assert.equal(page.isConnected, false);
  });
});
