import assert from "node:assert/strict";
import type { AddressInfo } from "node:net";
import { describe, it, mock } from "node:test";
import {
  cont,
  createLive,
  createPresence,
  halt,
  LiveRouter,
  liveView,
  onMount,
  redirect,
} from "@live-session/adapter-koa";
import { visit } from "@live-session/adapter-koa/testing";
import Koa from "koa";
import session from "koa-session";
import { html } from "lit";
import { dashboard } from "../../src/dashboard/dashboard.js";
import { percentilesOf } from "../../src/dashboard/report.js";
import { Reports } from "../../src/dashboard/reports.js";
import { liveError } from "../support/live-error.js";
import { FakeBus } from "../support/pub-sub/fake-bus.js";
import { secret } from "../support/server.js";
import { until } from "../support/wait.js";

describe("the dashboard", () => {
  const secretLive = liveView("SecretLive", {
    types: {} as { own: { password: string; pin: number; list: readonly number[]; users: object } },
    mount: ({ socket }) =>
      socket.assign({
        password: "hunter2",
        pin: 4711,
        list: [1, 2, 3],
        users: { "4711@hunter2": 1 },
      }),
    handleEvent: {
      slow() {},
      fail() {
        throw new TypeError("the value is hunter2");
      },
    },
    render: () => html`<button type="button" live-click="slow">Slow</button>`,
  });
  const presence = createPresence<object>();
  const createApp = () => {
    const admin = onMount("admin", ({ params }) =>
      params.stranger === undefined ? cont() : halt(redirect("/secret")),
    );
    const router = new LiveRouter();
    const pages = dashboard({ path: "/live", interval: 20, slow: 0, presences: [presence] });
    router.liveSession("dashboard", { onMount: admin }, pages);
    router.live("/secret", secretLive);
    const app = new Koa({ keys: ["a key of these tests"] });
    app.silent = true;
    return app.use(session(app)).use(createLive(router, { secret }).middleware());
  };

  it("has an icon, because browsers would request one that the app may not have", async (t) => {
    const server = createApp().listen(0);
    t.after(() => server.close().closeAllConnections());
    const { port } = server.address() as AddressInfo;
    const response = await fetch(`http://127.0.0.1:${port}/live`);
    assert.match(await response.text(), /<link rel="icon" href="data:,">/);
  });

  it("shows views, slow operations, errors and presence, but no values", async () => {
    const app = createApp();
    const overview = await visit(app, "/live");
    await overview.connect();
    const watched = await visit(app, "/secret");
    await watched.connect();
    await watched.element("button").click();
    presence.track("lobby", "anna", {});
    const row = () => overview.hasElement("#routes td", "/secret");
    await until(() => row() && overview.hasElement(".operations td", "event slow"));
    assert.ok(overview.hasElement("#presence td", "lobby"));
    assert.equal(overview.element("#processes .total td:nth-of-type(2)").text, "2");

    const detail = await visit(app, "/live");
    await detail.connect();
    await until(() => detail.hasElement("#routes a", "SecretLive"));
    await detail.element("#routes a", "SecretLive").click();
    await until(() => detail.hasElement("#assigns td", "password"));
    const text = detail.element("#assigns tbody").text;
    assert.match(text, /password\s*a string of length 7/);
    assert.match(text, /pin\s*number/);
    assert.match(text, /list\s*an array of length 3/);
    assert.match(text, /users\s*an object with 1 key\b/);
    assert.ok(detail.hasElement(".operations td", "event slow"));

    await assert.rejects(watched.push("fail"));
    await until(() => overview.hasElement(".operations td", "error TypeError"));
    for (const page of [overview, detail]) assert.doesNotMatch(page.render(), /hunter2|4711/);
    for (const page of [overview, detail]) await page.disconnect();
  });

  it("runs the hooks of its live session", async () => {
    const page = await visit(createApp(), "/live?stranger");
    assert.equal(page.path, "/secret");
  });

  it("refuses an invalid path", () => {
    for (const path of ["", "live", "/", "/live/"])
      assert.throws(() => dashboard({ path }), liveError("LIVE_ERR_OPTION"));
  });

  it("collects the reports of all processes, and forgets those that have ended", (t) => {
    mock.timers.enable({ apis: ["setInterval"] });
    t.after(() => mock.timers.reset());
    const bus = new FakeBus();
    const options = { topic: "live:dashboard", interval: 10, slow: 100 };
    const [own, other] = [bus.connect(), bus.connect()];
    const reports = new Reports(own, options);
    new Reports(other, options);
    mock.timers.tick(100);
    assert.deepEqual(bus.sent, []);
    const stop = reports.source().subscribe(() => {});
    mock.timers.tick(10);
    assert.equal(reports.all.length, 2);
    other.isCut = true;
    for (let i = 0; i < 7; i++) mock.timers.tick(10);
    assert.equal(reports.all.length, 1);
    assert.equal(reports.history.length, 8);
    stop();
    for (let i = 0; i < 7; i++) mock.timers.tick(10);
    bus.sent.length = 0;
    mock.timers.tick(10);
    assert.deepEqual(bus.sent, []);
  });
});

describe("percentilesOf", () => {
  it("returns the durations that half, 95 % and 99 % do not exceed", () => {
    const durations = Array.from({ length: 100 }, (_, i) => 100 - i);
    assert.deepEqual(percentilesOf(durations), { p50: 50, p95: 95, p99: 99 });
    assert.deepEqual(percentilesOf([]), { p50: 0, p95: 0, p99: 0 });
  });
});
