import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { html as serverHtml } from "@lit-labs/ssr";
import { cont, LiveRouter, liveView, onMount } from "@live-session/adapter-koa";
import { html } from "lit";
import { startServer } from "../../support/server.js";
import { Visitor } from "../../support/visitor.js";

const plainLive = liveView("PlainLive", { render: () => html`<p>plain</p>` });

const titledLive = liveView("TitledLive", {
  types: {} as { own: { text: string } },
  mount({ socket, params }) {
    socket.pageTitle = "</title><script>alert(1)</script>";
    socket.assign({ text: String(params.text ?? "") });
  },
  render: ({ text }) => html`<p title=${text}>${text}</p>`,
});

const sessionLive = liveView("SessionLive", {
  types: {} as { own: { data: string } },
  mount({ session, socket }) {
    socket.assign({ data: JSON.stringify(session) });
  },
  render: ({ data }) => html`<p>${data}</p>`,
});

const unescapeHtml = (text: string) => text.replaceAll("&quot;", '"').replaceAll("&#34;", '"');
const dataOf = (text: string): unknown =>
  JSON.parse(unescapeHtml(/<p><!--lit-part-->(.*?)<!--/s.exec(text)?.[1] ?? "null"));

describe("a GET of a live route", () => {
  it("returns a complete document in the default root layout", async (t) => {
    const visitor = new Visitor(await startServer(t, new LiveRouter().live("/", plainLive)));
    const { status, headers, text } = await visitor.fetch("/");
    assert.equal(status, 200);
    assert.equal(headers["content-type"], "text/html; charset=utf-8");
    assert.match(text, /^<!doctype html>\s*<html lang="en">/);
    assert.match(
      text,
      /<script type="module" src="\/live\/live-session\.js\?v=[\w-]{12}"><\/script>/,
    );
    assert.match(
      text,
      /<body><live-session id="live-[\w-]{8}" token="[\w.-]+" csrf-token="[\w-]+" url="\/live" routes="[^"]+">/,
    );
    assert.match(text, /<p>plain<\/p>[\s\S]*<\/live-session><\/body>\s*<\/html>\s*$/);
    assert.equal(text.split("<live-session").length, 2);
  });

  it("does not run afterRender hooks, because they react to updates that a browser receives later", async (t) => {
    let ran = 0;
    const hook = onMount("hook", ({ socket }) => {
      socket.attachHook("hook", "afterRender", () => {
        ran++;
        socket.redirect("/elsewhere");
      });
      return cont();
    });
    const router = new LiveRouter();
    router.liveSession("hooked", { onMount: hook }).live("/", plainLive);
    const visitor = new Visitor(await startServer(t, router));
    assert.equal((await visitor.fetch("/")).status, 200);
    assert.equal(ran, 0);
  });

  it("is kept out of shared caches, and caches distinguish the page from its join info", async (t) => {
    const visitor = new Visitor(await startServer(t, new LiveRouter().live("/", plainLive)));
    const { headers } = await visitor.fetch("/");
    assert.equal(headers["cache-control"], "max-age=0, private, must-revalidate");
    assert.equal(headers.vary, "Accept");
  });

  it("keeps a Cache-Control header that the app has set", async (t) => {
    const router = new LiveRouter();
    router
      .liveSession("kept", {
        use: (ctx, next) => {
          ctx.set("Cache-Control", "no-store");
          return next();
        },
      })
      .live("/", plainLive);
    const { headers } = await new Visitor(await startServer(t, router)).fetch("/");
    assert.equal(headers["cache-control"], "no-store");
  });

  it("escapes title, text and attributes", async (t) => {
    const visitor = new Visitor(await startServer(t, new LiveRouter().live("/", titledLive)));
    const { text } = await visitor.fetch(
      `/?text=${encodeURIComponent('"><script>alert(2)</script>')}`,
    );
    assert.ok(!text.includes("<script>alert"), text);
    assert.match(text, /<title>(<!--.*?-->)?&lt;\/title&gt;&lt;script&gt;alert\(1\)/);
  });

  it("gives every page its own id, and the same CSRF token to layout and element", async (t) => {
    const server = await startServer(t, new LiveRouter().live("/", plainLive));
    const visitor = new Visitor(server);
    const [first, second] = [await visitor.load("/"), await visitor.load("/")];
    assert.notEqual(first.id, second.id);
    assert.match(first.html, new RegExp(`<meta name="csrf-token" content="${first.csrfToken}">`));
  });

  it("also answers HEAD, without a body, and leaves other methods to the app", async (t) => {
    const visitor = new Visitor(await startServer(t, new LiveRouter().live("/", plainLive)));
    const head = await visitor.fetch("/", { method: "HEAD" });
    assert.equal(head.status, 200);
    assert.equal(head.text, "");
    for (const method of ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"]) {
      assert.equal((await visitor.fetch("/", { method })).status, 404, method);
    }
  });

  it("leaves paths without a route to the app, and refuses malformed params", async (t) => {
    const router = new LiveRouter().live("/users/:id", plainLive);
    const visitor = new Visitor(await startServer(t, router));
    for (const path of ["/nowhere", "/%E0%A4%A", "/live", "/live/"]) {
      assert.equal((await visitor.fetch(path)).status, 404, path);
    }
    assert.equal((await visitor.fetch("/users/%E0%A4%A")).status, 400);
  });

  it("works in an app without sessions", async (t) => {
    const router = new LiveRouter().live("/", sessionLive);
    const visitor = new Visitor(await startServer(t, router, { sessions: false }));
    const { text, headers } = await visitor.fetch("/");
    assert.match(text, / csrf-token="" /);
    assert.equal(headers["set-cookie"], undefined);
    assert.deepEqual(dataOf(text), {});
  });

  it("answers 500 through the app's error handling when a hook throws, without the error's message", async (t) => {
    const router = new LiveRouter();
    const failing = onMount("failing", () => {
      throw new Error("the database said: password=hunter2");
    });
    router.liveSession("failing", { onMount: [failing] }).live("/", plainLive);
    const server = await startServer(t, router);
    const { status, text } = await new Visitor(server).fetch("/");
    assert.equal(status, 500);
    assert.equal(text, "Internal Server Error");
    assert.match(server.errors[0]?.message ?? "", /the database said/);
  });

  it("has the status of an HTTP error that a hook throws", async (t) => {
    const router = new LiveRouter();
    const failing = onMount("failing", () => {
      throw Object.assign(new Error("no such article"), { status: 404, expose: true });
    });
    router.liveSession("failing", { onMount: [failing] }).live("/", plainLive);
    const { status, text } = await new Visitor(await startServer(t, router)).fetch("/");
    assert.deepEqual([status, text], [404, "no such article"]);
  });

  it("shares a value between middleware and hooks by assignNew", async (t) => {
    let looks = 0;
    const hook = onMount("user", async ({ socket }) => {
      const user = await socket.assignNew("user", () => `looked up ${++looks} times`);
      return cont({ user });
    });
    const userLive = liveView("UserLive", {
      types: {} as { needs: { user: string } },
      render: ({ user }) => html`<p>${user}</p>`,
    });
    const router = new LiveRouter();
    router.liveSession("users", { onMount: [hook] }).live("/", userLive);
    const server = await startServer(t, router, {
      before: [
        (ctx, next) => {
          if (ctx.query.known !== undefined) ctx.state.user = "known";
          return next();
        },
      ],
    });
    const visitor = new Visitor(server);
    assert.match((await visitor.fetch("/?known")).text, /<!--lit-part-->known</);
    assert.match((await visitor.fetch("/")).text, /looked up 1 times/);
  });
});

describe("the root layout", () => {
  const named = (name: string) => (page: { content: unknown; title: string | undefined }) =>
    serverHtml`<!doctype html><html data-layout=${name}><title>${page.title ?? ""}</title>${page.content}</html>`;

  it("is that of the live session, else that of the app, else the default", async (t) => {
    const router = new LiveRouter().live("/app", plainLive);
    router.liveSession("own", { rootLayout: named("session") }).live("/own", plainLive);
    const visitor = new Visitor(await startServer(t, router, { rootLayout: named("app") }));
    assert.match(
      (await visitor.fetch("/own")).text,
      /^<!doctype html><html data-layout="session">/,
    );
    assert.match((await visitor.fetch("/app")).text, /^<!doctype html><html data-layout="app">/);
  });

  it("is omitted with false, by the app or only by the live session", async (t) => {
    const router = new LiveRouter().live("/bare", plainLive);
    router.liveSession("own", { rootLayout: named("session") }).live("/own", plainLive);
    const bare = new Visitor(await startServer(t, router, { rootLayout: false }));
    assert.match((await bare.fetch("/bare")).text, /^<live-session id=[\s\S]*<\/live-session>$/);
    assert.match((await bare.fetch("/own")).text, /^<!doctype html>/);

    const other = new LiveRouter().live("/app", plainLive);
    other.liveSession("bare", { rootLayout: false }).live("/bare", plainLive);
    const visitor = new Visitor(await startServer(t, other, { rootLayout: named("app") }));
    assert.match((await visitor.fetch("/bare")).text, /^<live-session /);
    assert.match((await visitor.fetch("/app")).text, /^<!doctype html>/);
  });

  it("puts the element in the right place even if other content looks like its placeholder", async (t) => {
    const tricky = liveView("TrickyLive", {
      mount({ socket }) {
        socket.pageTitle = "<!--live-session--> $& $'";
      },
      render: () => html`<p>${"<!--live-session-->"} $& $' $1</p>`,
    });
    const visitor = new Visitor(await startServer(t, new LiveRouter().live("/", tricky)));
    const { text } = await visitor.fetch("/");
    assert.equal(text.split("<live-session ").length, 2);
    assert.match(text, /<body><live-session /);
    assert.match(text, /\$& \$' \$1<\/p>/);
  });
});

describe("the layout", () => {
  const layout = (name: string) => (assigns: { content: unknown }) =>
    html`<main class=${name}>${assigns.content}</main>`;
  const classOf = (text: string) => /<main class="(\w+)"/.exec(text)?.[1];

  it("is that of a hook, else of the live session, the view or the router", async (t) => {
    const view = liveView("OwnLive", { layout: layout("view"), render: () => html`<p>own</p>` });
    const bareView = liveView("BareLive", { layout: false, render: () => html`<p>bare</p>` });
    const hook = onMount("chooses", () => cont({}, { layout: layout("hook") }));
    const router = new LiveRouter({ layout: layout("router") });
    router.live("/router", plainLive).live("/view", view).live("/bare", bareView);
    router.liveSession("session", { layout: layout("session") }).live("/session", view);
    router.liveSession("hook", { layout: layout("session"), onMount: [hook] }).live("/hook", view);
    router.liveSession("none", { layout: false }).live("/none", view);
    const visitor = new Visitor(await startServer(t, router));
    for (const name of ["router", "view", "session", "hook"]) {
      assert.equal(classOf((await visitor.fetch(`/${name}`)).text), name);
    }
    for (const path of ["/bare", "/none"])
      assert.equal(classOf((await visitor.fetch(path)).text), undefined);
  });
});

describe("a live session's middleware", () => {
  it("runs in order before the mount, and may answer the request itself", async (t) => {
    const ran: string[] = [];
    const router = new LiveRouter().live("/open", plainLive);
    const mounted = liveView("MountedLive", {
      mount: () => void ran.push("mount"),
      render: () => html`<p>in</p>`,
    });
    router
      .liveSession("guarded", {
        use: [
          async (_ctx, next) => {
            ran.push("first");
            await next();
            ran.push("after");
          },
          (ctx, next) => {
            ran.push("second");
            if (ctx.query.in !== undefined) return next();
            ctx.redirect("/log_in");
          },
        ],
      })
      .live("/guarded", mounted);
    const visitor = new Visitor(await startServer(t, router));
    const refused = await visitor.fetch("/guarded");
    assert.deepEqual([refused.status, refused.headers.location], [302, "/log_in"]);
    assert.deepEqual(ran.splice(0), ["first", "second", "after"]);
    assert.equal((await visitor.fetch("/guarded?in")).status, 200);
    assert.deepEqual(ran.splice(0), ["first", "second", "mount", "after"]);
    await visitor.fetch("/open");
    assert.deepEqual(ran, []);
  });
});

describe("extra session data", () => {
  const claimsOf = (token: string): unknown[] =>
    JSON.parse(Buffer.from(token.split(".")[0] ?? "", "base64url").toString()).d;

  it("is an object that is merged over the data of the HTTP session", async (t) => {
    const router = new LiveRouter();
    router
      .liveSession("extra", { session: { role: "guest", nested: { n: [1, null] } } })
      .live("/", sessionLive);
    const server = await startServer(t, router, {
      before: [
        (ctx, next) => {
          Object.assign(ctx.session ?? {}, { role: "overlaid", own: 1 });
          return next();
        },
      ],
    });
    const page = await new Visitor(server).load("/");
    assert.deepEqual(dataOf(page.html), { own: 1, role: "guest", nested: { n: [1, null] } });
    assert.deepEqual(claimsOf(page.token).slice(0, -1), [
      1,
      page.id,
      "extra",
      "/",
      { role: "guest", nested: { n: [1, null] } },
      {},
      false,
      "",
    ]);
  });

  it("may be the result of a function of the request", async (t) => {
    const router = new LiveRouter();
    router
      .liveSession("extra", { session: async (ctx) => ({ agent: ctx.get("x-agent") }) })
      .live("/", sessionLive);
    const visitor = new Visitor(await startServer(t, router));
    const { text } = await visitor.fetch("/", { headers: { "x-agent": "test <b>" } });
    assert.deepEqual(
      JSON.parse(JSON.stringify(dataOf(text)).replaceAll("&lt;", "<").replaceAll("&gt;", ">")),
      {
        agent: "test <b>",
      },
    );
  });

  for (const [what, data] of [
    ["a list", []],
    ["null", null],
    ["a date inside", { at: new Date(0) }],
    ["a function inside", { run: () => 1 }],
    ["a symbol as key", { [Symbol("x")]: 1 }],
    ["what is not finite", { deep: [{ n: Number.NaN }] }],
  ] as const) {
    it(`is refused with ${what}, and the error does not contain the data`, async (t) => {
      const router = new LiveRouter();
      router.liveSession("extra", { session: (() => data) as never }).live("/", sessionLive);
      const server = await startServer(t, router);
      assert.equal((await new Visitor(server).fetch("/")).status, 500);
      const [error] = server.errors;
      assert.equal((error as { code?: string } | undefined)?.code, "LIVE_ERR_SESSION_DATA");
      assert.match(error?.message ?? "", /live session "extra"/);
    });
  }

  it("never contains the library's own session keys", async (t) => {
    const visitor = new Visitor(await startServer(t, new LiveRouter().live("/", sessionLive)));
    await visitor.load("/");
    assert.deepEqual(dataOf((await visitor.load("/")).html), {});
  });
});
