import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cont, LiveRouter, liveView, onMount } from "@live-session/adapter-koa";
import type { Middleware } from "koa";
import { html } from "lit";
import { WebSocket } from "ws";
import { Signer } from "../../../src/koa/session/signer.js";
import { Connection } from "../../support/connection.js";
import { type LiveServer, type ServerSetup, secret, startServer } from "../../support/server.js";
import { type LivePage, Visitor } from "../../support/visitor.js";
import { joinedText } from "../../support/wire-html.js";

const mounted: string[] = [];

const viewLive = liveView("ViewLive", {
  types: {} as { own: { data: string } },
  mount({ session, params, socket }) {
    mounted.push(`${socket.connected ? "connected" : "disconnected"} ${socket.liveAction}`);
    socket.assign({ data: JSON.stringify({ session, params, url: socket.url }) });
  },
  render: ({ data }) => html`<p>${data}</p>`,
});

function createRouter(): LiveRouter {
  const router = new LiveRouter().live("/implicit", viewLive, "implicit");
  const seen = onMount("seen", () => cont());
  router
    .liveSession("one", { onMount: [seen], session: { role: "one" } })
    .live("/one", viewLive, "one")
    .live("/one/:id", viewLive, "one_of");
  router.liveSession("two", { session: { role: "two" } }).live("/two", viewLive, "two");
  return router;
}

const stale = { status: "error", response: { reason: "stale" } };
const unauthorized = { status: "error", response: { reason: "unauthorized" } };
const day = 24 * 3600 * 1000;

/** Starts a server, with a visitor who has loaded a page and opened a socket. */
async function start(t: Parameters<typeof startServer>[0], setup: ServerSetup = {}, path = "/one") {
  const server = await startServer(t, createRouter(), setup);
  const visitor = new Visitor(server);
  const page = await visitor.load(path);
  const connection = await visitor.connect();
  mounted.length = 0;
  return { server, visitor, page, connection };
}

/** The claims of a page's token, signed again with changes. */
function resign(page: LivePage, change: (data: unknown[]) => unknown, key = secret): string {
  const { d } = JSON.parse(Buffer.from(page.token.split(".")[0] ?? "", "base64url").toString());
  return new Signer([key]).sign("join", change(d));
}

const without = (server: LiveServer, path: string) => `${server.origin}${path}`;

describe("a join", () => {
  it("mounts the view of the page's URL with session, params and URL", async (t) => {
    const { server, connection, page } = await start(t, {
      before: [
        (ctx, next) => {
          Object.assign(ctx.session ?? {}, { own: 1, role: "overlaid" });
          return next();
        },
      ],
    });
    const url = without(server, "/one/5?x=1&id=6");
    const { status, response } = await connection.join(page, { url });
    assert.equal(status, "ok");
    const parts = ["flash", "maxPayload", "provided", "rendered", "templates", "version"];
    assert.deepEqual(Object.keys(response).sort(), parts);
    assert.deepEqual(JSON.parse(/<p>(.*)<\/p>/.exec(joinedText(response))?.[1] ?? ""), {
      session: { own: 1, role: "one" },
      params: { x: "1", id: "5" },
      url,
    });
    assert.deepEqual(mounted, ["connected one_of"]);
  });

  it("uses the session at the time of its socket's handshake, even if another tab logs in or out", async (t) => {
    const server = await startServer(t, createRouter(), {
      before: [
        (ctx, next) => {
          if (ctx.query.as !== undefined)
            ctx.session = ctx.query.as === "" ? {} : { user: ctx.query.as };
          return next();
        },
      ],
    });
    const visitor = new Visitor(server);
    const userOf = async (connection: Connection, page: LivePage): Promise<unknown> => {
      const { status, response } = await connection.join(page);
      if (status === "error") return response.reason;
      return JSON.parse(/<p>(.*)<\/p>/.exec(connection.textOf(response.rendered))?.[1] ?? "")
        .session.user;
    };
    const page = await visitor.load("/one?as=ada");
    const connection = await visitor.connect();
    assert.equal(await userOf(connection, page), "ada");
    const later = await visitor.load("/one?as=eve");
    assert.equal(await userOf(connection, page), "ada");
    assert.equal(await userOf(connection, later), "stale", "its CSRF token is of another session");
    assert.equal(await userOf(await visitor.connect(), later), "eve");
    const last = await visitor.load("/one?as=");
    assert.equal(await userOf(connection, page), "ada");
    assert.equal(await userOf(await visitor.connect(), last), undefined);
  });

  it("is stale if its token is forged, truncated, changed, or signed with another secret", async (t) => {
    const { connection, page } = await start(t);
    const [body = "", signature = ""] = page.token.split(".");
    const changed = JSON.parse(Buffer.from(body, "base64url").toString());
    changed.d[2] = "two";
    for (const token of [
      "",
      ".",
      body,
      `${body}.`,
      `.${signature}`,
      page.token.slice(0, -1),
      page.token.slice(1),
      `${page.token}.`,
      `${page.token}x`,
      `${page.token} `,
      `${Buffer.from(JSON.stringify(changed)).toString("base64url")}.${signature}`,
      resign(page, (data) => data, "a secret of somebody else, just as long"),
      "x".repeat(60_000),
    ]) {
      assert.deepEqual(await connection.join(page, { token }), stale, token.slice(0, 40));
    }
    assert.deepEqual(mounted, []);
  });

  it("is stale if its token was signed for another purpose, or has another version or form", async (t) => {
    const { connection, page } = await start(t);
    const signer = new Signer([secret]);
    const current = JSON.parse(
      Buffer.from(page.token.split(".")[0] ?? "", "base64url").toString(),
    ).d;
    for (const token of [
      signer.sign("flash", current),
      resign(page, ([, ...rest]) => [2, ...rest]),
      resign(page, ([, ...rest]) => ["1", ...rest]),
      resign(page, ([, ...rest]) => rest),
      resign(page, () => []),
      resign(page, () => null),
      resign(page, () => "text"),
      resign(page, () => ({ 0: 1, 1: page.id, 2: "one" })),
    ]) {
      assert.deepEqual(await connection.join(page, { token }), stale, token.slice(0, 40));
    }
    assert.deepEqual(mounted, []);
  });

  it("is stale two weeks after the page was loaded, and with a token from the future", async (t) => {
    t.mock.timers.enable({ apis: ["Date"], now: Date.parse("2026-11-23T12:00:00Z") });
    const { connection, page } = await start(t);
    t.mock.timers.tick(14 * day);
    assert.equal((await connection.join(page)).status, "ok");
    t.mock.timers.tick(1);
    assert.deepEqual(await connection.join(page), stale);
    const fresh = resign(page, (data) => data);
    t.mock.timers.setTime(Date.parse("2026-11-23T12:00:00Z"));
    assert.deepEqual(await connection.join(page, { token: fresh }), stale);
  });

  it("accepts tokens for the lifetime of the options", async (t) => {
    t.mock.timers.enable({ apis: ["Date"], now: Date.parse("2026-11-23T12:00:00Z") });
    const { connection, page } = await start(t, { tokenLifetime: 1000 });
    t.mock.timers.tick(1001);
    assert.deepEqual(await connection.join(page), stale);
  });

  it("is stale without a token, and with one that is not a string", async (t) => {
    const { connection, page } = await start(t);
    for (const token of [
      undefined,
      null,
      0,
      1,
      true,
      [],
      [page.token],
      {},
      { toString: page.token },
    ]) {
      assert.deepEqual(await connection.join(page, { token }), stale, JSON.stringify(token));
    }
    for (const payload of [null, 1, "text", true, [], [page.token]]) {
      assert.deepEqual(await connection.push(`lv:${page.id}`, "phx_join", payload), stale);
    }
    assert.deepEqual(mounted, []);
  });

  it("is stale on a topic other than that of the page", async (t) => {
    const { visitor, connection, page } = await start(t);
    const other = await visitor.load("/one");
    mounted.length = 0;
    for (const topic of [
      `lv:${other.id}`,
      page.id,
      `lv:${page.id}x`,
      `lv:${page.id.toUpperCase()}`,
      "",
      "phoenix",
    ]) {
      const payload = { token: page.token, url: page.url, params: { _csrf_token: page.csrfToken } };
      assert.deepEqual(await connection.push(topic, "phx_join", payload), stale, topic);
    }
    assert.deepEqual(mounted, []);
  });

  it("accepts tokens of every secret in the list, and signs with the first one", async (t) => {
    const older = "the secret of the year before, 2025";
    const { server, visitor, connection, page } = await start(t, { secret: [secret, older] });
    assert.equal(
      (await connection.join(page, { token: resign(page, (data) => data, older) })).status,
      "ok",
    );
    const rotated = new Visitor(await startServer(t, createRouter(), { secret: [older] }));
    const elsewhere = await rotated.load("/one");
    assert.deepEqual(
      await (await rotated.connect()).join({ ...elsewhere, id: page.id }, { token: page.token }),
      stale,
    );
    const again = await visitor.load("/one");
    assert.ok(new Signer([secret]).verify("join", again.token, day), server.origin);
  });
});

describe("the CSRF token of a join", () => {
  const withToken = (token: unknown) => ({ params: { _csrf_token: token } });

  it("must be one of the socket's session", async (t) => {
    const { server, connection, page } = await start(t);
    const stranger = await new Visitor(server).load("/one");
    mounted.length = 0;
    for (const token of [
      "",
      stranger.csrfToken,
      page.csrfToken.slice(1),
      `${page.csrfToken}x`,
      "a-b",
      null,
      1,
      [page.csrfToken],
    ]) {
      assert.deepEqual(await connection.join(page, withToken(token)), stale, JSON.stringify(token));
    }
    for (const params of [{}, null, "text", [page.csrfToken], undefined]) {
      assert.deepEqual(await connection.join(page, { params }), stale, JSON.stringify(params));
    }
    assert.deepEqual(mounted, []);
    assert.equal((await connection.join(page)).status, "ok");
  });

  it("may be any token of the session, in the join or in the URL of the handshake", async (t) => {
    const { visitor, page } = await start(t);
    const second = await visitor.load("/one");
    assert.notEqual(second.csrfToken, page.csrfToken);
    const connection = await visitor.connect({ _csrf_token: second.csrfToken });
    assert.equal((await connection.join(page, { params: {} })).status, "ok");
    assert.deepEqual(await connection.join(page, withToken("wrong")), stale);
  });

  it("is invalid on a socket without the session's cookie", async (t) => {
    const { visitor, page } = await start(t);
    visitor.forgetCookies();
    const connection = await visitor.connect({ _csrf_token: page.csrfToken });
    assert.deepEqual(await connection.join(page), stale);
    assert.deepEqual(mounted, []);
  });

  it("does not open a page of another visitor", async (t) => {
    const { server, page } = await start(t);
    const stranger = new Visitor(server);
    const own = await stranger.load("/one");
    const connection = await stranger.connect();
    assert.deepEqual(await connection.join(page), stale);
    assert.deepEqual(await connection.join(page, withToken(own.csrfToken)), stale);
    assert.equal((await connection.join(own)).status, "ok");
  });

  it("does not open a page from before a logout", async (t) => {
    const changeUser: Middleware = (ctx, next) => {
      if (ctx.session && ctx.query.user !== undefined) {
        ctx.session.user = ctx.query.user;
        ctx.session.live_socket_id = `users:${ctx.query.user}`;
      }
      return next();
    };
    const server = await startServer(t, createRouter(), { before: [changeUser] });
    const visitor = new Visitor(server);
    const page = await visitor.load("/one?user=ada");
    assert.equal((await (await visitor.connect()).join(page)).status, "ok");
    const later = await visitor.load("/one?user=");
    const connection = await visitor.connect();
    assert.deepEqual(await connection.join(page, withToken(later.csrfToken)), stale);
    assert.equal((await connection.join(later)).status, "ok");
  });

  it("is not required in an app without sessions", async (t) => {
    const { connection, page } = await start(t, { sessions: false });
    assert.equal(page.csrfToken, "");
    assert.equal((await connection.join(page, { params: {} })).status, "ok");
  });
});

describe("the URL of a join", () => {
  it("must match a route of the page's live session", async (t) => {
    const { server, connection, page } = await start(t);
    for (const path of [
      "/two",
      "/implicit",
      "/nowhere",
      "/live/websocket",
      "/one/a/b",
      "/one/%E0%A4%A",
    ]) {
      assert.deepEqual(
        await connection.join(page, { url: without(server, path) }),
        unauthorized,
        path,
      );
      assert.deepEqual(
        await connection.join(page, { redirect: without(server, path) }),
        unauthorized,
        path,
      );
    }
    assert.deepEqual(mounted, []);
  });

  it("must be an HTTP URL of at most 8 KB", async (t) => {
    const { server, connection, page } = await start(t);
    for (const url of [
      undefined,
      null,
      1,
      {},
      ["http://127.0.0.1/one"],
      "",
      "/one",
      "//127.0.0.1/one",
      "javascript:/one",
      "data:text/html,/one",
      "file:///one",
      "ws://127.0.0.1/one",
      "http://",
      `${server.origin}/one?x=${"x".repeat(16 * 1024)}`,
    ]) {
      assert.deepEqual(
        await connection.join(page, { url }),
        unauthorized,
        JSON.stringify(url)?.slice(0, 40),
      );
    }
    assert.deepEqual(mounted, []);
    assert.equal(
      (await connection.join(page, { url: `${server.origin}/one?x=${"x".repeat(9000)}` })).status,
      "ok",
    );
  });

  it("must not contain a user, or a host name that is longer than DNS allows", async (t) => {
    const { connection, page } = await start(t, { origins: "any" });
    const long = Array.from({ length: 43 }, () => "abcde").join(".");
    for (const host of [
      "me@site.example",
      "me:secret@site.example",
      ":secret@site.example",
      long,
    ]) {
      assert.deepEqual(
        await connection.join(page, { url: `http://${host}/one` }),
        unauthorized,
        host,
      );
    }
    const { status } = await connection.join(page, { url: `http://${long.slice(0, 253)}/one` });
    assert.equal(status, "ok");
  });

  it("must have the handshake's host unless other origins are allowed, in joins and in patches", async (t) => {
    const { server, connection, page } = await start(t);
    const hosts = [
      "evil.example",
      `localhost:${server.port}`,
      "127.0.0.1",
      `127.0.0.1.evil:${server.port}`,
    ];
    for (const host of hosts) {
      const url = `http://${host}/one/2`;
      assert.deepEqual(await connection.join(page, { url }), unauthorized, host);
      assert.deepEqual(await connection.join(page, { redirect: url }), unauthorized, host);
      assert.equal((await connection.join(page)).status, "ok");
      const invalid = { status: "error", response: { reason: "invalid payload" } };
      assert.deepEqual(
        await connection.push(`lv:${page.id}`, "live_patch", { url }),
        invalid,
        host,
      );
    }
    const origins = ["https://friend.example"];
    const open = await start(t, { origins: [...origins, "//127.0.0.1"] });
    const { status } = await open.connection.join(open.page, { url: "https://friend.example/one" });
    assert.equal(status, "ok");
  });

  it("may spell the handshake's host differently, or use the host that a trusted proxy reports", async (t) => {
    const { server, visitor, page } = await start(t);
    const connect = async (headers: Readonly<Record<string, string>>) => {
      const all = { cookie: visitor.cookie, ...headers };
      const connection = new Connection(new WebSocket(visitor.socketUrl(), { headers: all }));
      await connection.opened;
      return connection;
    };
    const shouting = await connect({ host: "SITE.example:443" });
    assert.equal((await shouting.join(page, { url: "https://site.example/one" })).status, "ok");
    assert.deepEqual(await shouting.join(page, { url: "http://site.example/one" }), unauthorized);
    const forwarded = { "x-forwarded-host": "site.example", "x-forwarded-proto": "https" };
    const url = "https://site.example/one";
    assert.deepEqual(await (await connect(forwarded)).join(page, { url }), unauthorized);
    server.app.proxy = true;
    assert.equal((await (await connect(forwarded)).join(page, { url })).status, "ok");
  });

  it("is ignored if the join is a navigation, which contains its own URL", async (t) => {
    const { server, connection, page } = await start(t);
    const redirect = without(server, "/one/9");
    assert.equal((await connection.join(page, { redirect })).status, "ok");
    assert.equal(
      (await connection.join(page, { redirect, url: "javascript:alert(1)" })).status,
      "ok",
    );
    assert.deepEqual(
      await connection.join(page, { redirect: without(server, "/two") }),
      unauthorized,
    );
    assert.deepEqual(await connection.join(page, { redirect: "" }), unauthorized);
    assert.deepEqual(mounted, ["connected one_of", "connected one_of"]);
  });

  it("of the implicit group is accepted only for pages outside every live session", async (t) => {
    const { server, connection, page } = await start(t, {}, "/implicit");
    assert.deepEqual(
      await connection.join(page, { redirect: without(server, "/one") }),
      unauthorized,
    );
    assert.equal((await connection.join(page)).status, "ok");
  });

  it("is matched with the server's current routes, so a removed live session is refused", async (t) => {
    const { connection, page } = await start(t);
    const token = resign(page, ([v, id, , ...rest]) => [v, id, "gone", ...rest]);
    assert.deepEqual(await connection.join(page, { token }), unauthorized);
  });
});

describe("a join with params of unusual types", () => {
  const unusual = [null, "1", -1, [1], { toString: 1, valueOf: 1, toJSON: 1 }];
  for (const name of ["_mounts", "_attempts", "_navigations", "other"]) {
    it(`is accepted, without an error of the app: ${name}`, async (t) => {
      const { server, connection, page } = await start(t);
      for (const value of unusual) {
        const params = { _csrf_token: page.csrfToken, [name]: value };
        assert.equal((await connection.join(page, { params })).status, "ok");
      }
      assert.deepEqual(server.errors, []);
      assert.equal(server.live.connections, 1);
    });
  }
});

describe("a join that is refused", () => {
  it("does not emit an error of the app and leaves the connection open", async (t) => {
    const { server, connection, page } = await start(t);
    await connection.join(page, { token: "forged" });
    await connection.join(page, { url: "/nowhere" });
    await connection.settled();
    assert.deepEqual(server.errors, []);
    assert.equal(server.live.connections, 1);
    assert.equal((await connection.join(page)).status, "ok");
  });
});
