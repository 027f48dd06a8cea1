import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  createLive,
  halt,
  LiveRouter,
  liveView,
  notFound,
  onMount,
  redirect,
} from "@live-session/adapter-koa";
import { visit } from "@live-session/adapter-koa/testing";
import Koa from "koa";
import session from "koa-session";
import { html } from "lit";
import { z } from "zod";
import { liveError } from "../../support/live-error.js";
import { secret } from "../../support/server.js";

const seen: unknown[] = [];
const rooms = z.object({
  id: z.coerce.number().int(),
  page: z.coerce.number().catch(1),
});
const roomLive = liveView("RoomLive", {
  types: {} as { own: { title: string } },
  params: rooms,
  mount({ params, socket }) {
    seen.push(params);
    if (params.id > 100) throw notFound(`no room ${params.id}`);
    socket.assign({ title: "" });
  },
  handleParams: ({ params, socket }) =>
    socket.assign({ title: `room ${params.id + 1}, page ${params.page + 1}` }),
  render: ({ title }) => html`<h1>${title}</h1>`,
});
const slowRoomLive = liveView("SlowRoomLive", {
  params: rooms.refine(async ({ id }) => id < 10),
  render: () => html`<h1>slow</h1>`,
});
const onlyAda = onMount("onlyAda", ({ params }) => {
  seen.push(params);
  return params.user === "ada" ? halt(redirect("/")) : halt(redirect("/log_in"));
});

function appOf() {
  const router = new LiveRouter().live("/rooms/:id", roomLive).live("/slow/:id", slowRoomLive);
  router.liveSession("guarded", { onMount: onlyAda }).live("/guarded/:id", roomLive);
  const app = new Koa({ keys: ["k"] });
  const errors: unknown[] = [];
  app.on("error", (error) => errors.push(error));
  const live = createLive(router, { secret });
  app.use(session(app)).use(live.middleware());
  seen.length = 0;
  return { app, errors };
}

describe("params with a schema", () => {
  it("reach mount and handleParams converted, on both mounts and on patches", async () => {
    const { app, errors } = appOf();
    const page = await visit(app, "/rooms/7?page=2&other=x");
    assert.ok(page.hasElement("h1", "room 8, page 3"));
    await page.connect();
    await page.patch("/rooms/8?page=wrong");
    assert.ok(page.hasElement("h1", "room 9, page 2"));
    assert.deepEqual(seen, [
      { id: 7, page: 2 },
      { id: 7, page: 2 },
    ]);
    assert.deepEqual(errors, []);
  });

  for (const path of ["/rooms/abc", "/rooms/1.5", "/rooms/x?id=7", "/slow/10"]) {
    it(`answer 404 for ${path}`, async () => {
      assert.equal((await visit(appOf().app, path)).status, 404);
    });
  }

  it("make the browser load the page if they are refused after a live navigation", async () => {
    const { app } = appOf();
    const page = await visit(app, "/rooms/7");
    await page.connect();
    await page.navigate("/rooms/abc");
    assert.equal(page.status, 404);
  });

  it("are checked after the hooks, which receive them unchecked", async () => {
    const page = await visit(appOf().app, "/guarded/abc");
    assert.equal(page.path, "/log_in");
    assert.deepEqual(seen, [{ id: "abc" }]);
  });

  it("need a Standard Schema", () => {
    assert.throws(
      () => liveView("WrongLive", { params: {} as never, render: () => html`` }),
      liveError("LIVE_ERR_VIEW", "params of the live view WrongLive is invalid"),
    );
  });
});

describe("notFound", () => {
  it("answers 404 with its message", async () => {
    const page = await visit(appOf().app, "/rooms/101");
    assert.equal(page.status, 404);
    assert.match(page.render(), /no room 101/);
  });

  it("makes the browser load the page after a live navigation", async () => {
    const page = await visit(appOf().app, "/rooms/7");
    await page.connect();
    await page.navigate("/rooms/101");
    assert.equal(page.status, 404);
  });

  it("is an error without a status text of its own", () => {
    const error = notFound();
    assert.deepEqual(
      [error.status, error.expose, error.message, String(error)],
      [404, true, "Not Found", "NotFoundError: Not Found"],
    );
  });
});
