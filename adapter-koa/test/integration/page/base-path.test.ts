import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, it, type TestContext } from "node:test";
import {
  createLive,
  halt,
  LiveRouter,
  liveView,
  navigate,
  onMount,
  redirect,
} from "@live-session/adapter-koa";
import Koa, { type Middleware } from "koa";
import mount from "koa-mount";
import session from "koa-session";
import { html } from "lit";
import { WebSocket } from "ws";
import { Connection } from "../../support/connection.js";
import { type LiveServer, secret } from "../../support/server.js";
import { type LivePage, Visitor } from "../../support/visitor.js";

const pageLive = liveView("PageLive", {
  handleEvent: {
    patch: ({ socket }) => socket.pushPatch("/page?a=1"),
    patchInFull: ({ socket }) => socket.pushPatch("/app/page?a=2"),
    navigate: ({ socket }) => socket.pushNavigate("/other"),
    leave: ({ socket }) => socket.redirect("/plain"),
  },
  handleParams: () => {},
  render: ({ liveAction }) => html`<p>${liveAction}</p>`,
});

const away = onMount("away", () => halt(redirect("/page")));
const awayLive = onMount("away live", () => halt(navigate("/other")));

function createRouter(): LiveRouter {
  const router = new LiveRouter();
  router
    .liveSession("pages")
    .live("/", pageLive, "home")
    .live("/page", pageLive, "page")
    .live("/other", pageLive, "other");
  router.liveSession("away", { onMount: awayLive }).live("/away-live", pageLive);
  router.liveSession("redirected", { onMount: away }).live("/away", pageLive);
  return router;
}

type Setup = (app: Koa, live: ReturnType<typeof createLive>) => void;

/** The ways to serve the app at `/app`. A proxy that removes the prefix is simulated by a change of `req.url`. */
const setups: [name: string, basePath: string, setup: Setup, stripped: boolean][] = [
  [
    "an app that is mounted with koa-mount",
    "",
    (app, live) => {
      const inner = new Koa();
      inner.use(live.middleware());
      app.use(mount("/app", inner));
    },
    false,
  ],
  [
    "only live.middleware() mounted with koa-mount",
    "",
    (app, live) => app.use(mount("/app", live.middleware())),
    false,
  ],
  ["a proxy that keeps the prefix", "/app", (app, live) => app.use(live.middleware()), false],
  ["a proxy that removes the prefix", "/app", (app, live) => app.use(live.middleware()), true],
];

async function start(t: TestContext, basePath: string, setup: Setup, stripped: boolean) {
  const app = new Koa();
  app.keys = ["a key of these tests"];
  const errors: Error[] = [];
  app.on("error", (error) => errors.push(error));
  const plain: Middleware = (ctx, next) => {
    if (!ctx.path.endsWith("/plain")) return next();
    ctx.body = "plain";
  };
  app.use(session({}, app)).use(plain);
  const live = createLive(createRouter(), { secret, ...(basePath && { basePath }) });
  setup(app, live);
  const server = createServer(app.callback());
  if (stripped) {
    const strip = (request: { url?: string }) => {
      request.url = request.url?.replace(/^\/app/, "") || "/";
    };
    server.prependListener("request", strip).on("upgrade", strip);
  }
  live.attach(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const stop = async (): Promise<void> => {
    await live.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  t.after(stop);
  const running: LiveServer = {
    app,
    live,
    server,
    port,
    origin: `http://127.0.0.1:${port}`,
    errors,
    stop,
  };
  return new Visitor(running);
}

const urlOf = (page: LivePage) => /<live-session[^>]* url="([^"]*)"/.exec(page.html)?.[1];
const routesOf = (page: LivePage) => /<live-session[^>]* routes="([^"]*)"/.exec(page.html)?.[1];

for (const [name, ...setup] of setups) {
  describe(`${name}, at a path prefix`, () => {
    it("serves pages, the script and the socket below the prefix", async (t) => {
      const visitor = await start(t, ...setup);
      const page = await visitor.load("/app/page");
      assert.equal(urlOf(page), "/app/live");
      const script = /<script type="module" src="([^"]*)"/.exec(page.html)?.[1] ?? "";
      assert.match(script, /^\/app\/live\/live-session\.js/);
      assert.equal((await visitor.fetch(script)).status, 200);
      assert.equal((await visitor.fetch("/app")).status, 200);
      const routes = new RegExp(routesOf(page) ?? "");
      assert.ok(routes.test("/app/page"));
      assert.ok(!routes.test("/page"));
      const { text } = await visitor.fetch(
        `/app/live/longpoll?vsn=2.0.0&_csrf_token=${page.csrfToken}`,
      );
      assert.equal(JSON.parse(text).status, 410);
    });

    it("joins, patches, navigates and redirects below the prefix", async (t) => {
      const visitor = await start(t, ...setup);
      const page = await visitor.load("/app/page");
      const url = visitor.socketUrl().replace("/live/", "/app/live/");
      const open = async (): Promise<Connection> => {
        const connection = new Connection(
          new WebSocket(url, { headers: visitor.handshakeHeaders }),
        );
        await connection.opened;
        return connection;
      };
      const connection = await open();
      assert.equal((await connection.join(page)).status, "ok");
      const patchOf = async (event: string) =>
        (await connection.click(page, event)).response.live_patch.to;
      assert.equal(await patchOf("patch"), "/app/page?a=1");
      assert.equal(await patchOf("patchInFull"), "/app/page?a=2");
      const patched = { url: `${visitor.server.origin}/app/other` };
      assert.equal((await connection.push(`lv:${page.id}`, "live_patch", patched)).status, "ok");
      const navigated = await connection.click(page, "navigate");
      assert.equal(navigated.response.live_redirect.to, "/app/other");
      assert.equal((await connection.join(page)).status, "ok");
      assert.equal((await connection.click(page, "leave")).response.redirect.to, "/plain");
      const outside = await connection.join(page, { url: `${visitor.server.origin}/page` });
      assert.deepEqual(outside.response, { reason: "unauthorized" });
      assert.deepEqual(visitor.server.errors, []);
    });

    it("redirects page loads below the prefix", async (t) => {
      const visitor = await start(t, ...setup);
      assert.equal((await visitor.fetch("/app/away")).headers.location, "/app/page");
      assert.equal((await visitor.fetch("/app/away-live")).headers.location, "/app/other");
    });
  });
}
