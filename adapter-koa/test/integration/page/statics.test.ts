import assert from "node:assert/strict";
import { describe, it, type TestContext } from "node:test";
import { cont, LiveRouter, liveView, onMount } from "@live-session/adapter-koa";
import { html } from "lit";
import { type LiveServer, startServer } from "../../support/server.js";
import { type LivePage, Visitor } from "../../support/visitor.js";
import { joinedText } from "../../support/wire-html.js";

const staleness = onMount("staleness", ({ socket }) => cont({ hookSaw: socket.staticChanged }));

const staleLive = liveView("StaleLive", {
  types: {} as { needs: { hookSaw: boolean }; own: { isStale: boolean } },
  mount: ({ socket }) => socket.assign({ isStale: socket.staticChanged }),
  render: ({ isStale, hookSaw }) => html`<p>${String(isStale)} ${String(hookSaw)}</p>`,
});

function createRouter(): LiveRouter {
  const router = new LiveRouter();
  router
    .liveSession("stale", { onMount: [staleness] })
    .live("/", staleLive)
    .live("/other", staleLive);
  return router;
}

/** Starts one version of the site. */
const deploy = (t: TestContext, statics?: readonly string[]) =>
  startServer(t, createRouter(), statics && { statics });

/** Returns the content of the page's view after a join with this server. */
async function shownAt(
  server: LiveServer,
  from: Visitor,
  page: LivePage,
  path = "/",
): Promise<string> {
  const connection = await from.at(server).connect({ _csrf_token: page.csrfToken });
  const url = server.origin + path;
  const navigation = path === "/" ? {} : { redirect: url };
  const { status, response } = await connection.join({ ...page, url }, navigation);
  assert.equal(status, "ok", JSON.stringify(response));
  return joinedText(response);
}

describe("socket.staticChanged", () => {
  it("is false on the disconnected mount, and while the page's files are current", async (t) => {
    const server = await deploy(t, ["/app.css?v=1"]);
    const visitor = new Visitor(server);
    const page = await visitor.load("/");
    assert.match(page.html, /false.+false/);
    assert.match(await shownAt(server, visitor, page), /false.+false/);
  });

  it("is true for a page that was loaded with other files, in hooks and views, and after a navigation", async (t) => {
    const visitor = new Visitor(await deploy(t, ["/app.css?v=1", "/app.js"]));
    const page = await visitor.load("/");
    for (const statics of [["/app.css?v=2", "/app.js"], ["/app.css?v=1"], []]) {
      const next = await deploy(t, statics);
      assert.match(await shownAt(next, visitor, page), /true.+true/);
      assert.match(await shownAt(next, visitor, page, "/other"), /true.+true/);
    }
    const same = await deploy(t, ["/app.css?v=1", "/app.js"]);
    assert.match(await shownAt(same, visitor, page), /false.+false/);
  });

  it("is true for a page of a version without tracked files, and false in such a version", async (t) => {
    const [none, some] = [await deploy(t), await deploy(t, ["/app.css"])];
    const visitor = new Visitor(none);
    const page = await visitor.load("/");
    assert.match(await shownAt(some, visitor, page), /true.+true/);
    const later = new Visitor(some);
    assert.match(await shownAt(none, later, await later.load("/")), /false.+false/);
  });

  it("uses the time of the join info for a page that this server did not render", async (t) => {
    const server = await deploy(t, ["/app.css?v=1"]);
    const visitor = new Visitor(server);
    const { text } = await visitor.fetch("/", {
      headers: { accept: "application/vnd.live-session+json" },
    });
    const page: LivePage = { ...JSON.parse(text), html: "" };
    assert.match(await shownAt(server, visitor, page), /false.+false/);
    assert.match(await shownAt(await deploy(t, ["/app.css?v=2"]), visitor, page), /true.+true/);
  });
});
