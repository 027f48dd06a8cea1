import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cont, liveView } from "@live-session/adapter-koa";
import { visitView } from "@live-session/adapter-koa/testing";
import { html } from "lit";
import { handleAsync } from "../../../src/live/runtime/lifecycle.js";
import { liveError } from "../../support/live-error.js";
import { mountView } from "../../support/mount-view.js";
import { badLive } from "../../support/views/bad-live.js";

describe("mount of a view", () => {
  it("sets the assigns that it returns, and applies the options", async () => {
    const view = liveView("CountLive", {
      mount: () =>
        cont(
          { count: 1, secret: 2 },
          { provide: ["count"], layout: ({ content }) => html`<main>${content}</main>` },
        ),
      handleEvent: {
        inc: ({ socket }) => socket.assign({ count: socket.assigns.count + 1 }),
      },
      render: ({ count }, _socket, events) =>
        html`<button type="button" live-click=${events.inc}>${count}</button>`,
    });
    const page = await visitView(view);
    assert.ok(page.hasElement("main button", "1"));
    await page.connect();
    assert.deepEqual(page.provided, { count: 1 });
    await page.element("button").click();
    assert.ok(page.hasElement("main button", "2"));
  });

  it("refuses results that are neither assigns nor options", async () => {
    for (const mount of [() => [cont()], () => "text", () => cont({}, { layuot: false } as never)])
      await assert.rejects(
        mountView(badLive({ mount })),
        /result of BadLive.mount is invalid|returned from BadLive.mount is unknown/,
      );
  });
});

describe("handleAsync by key", () => {
  it("passes each outcome to the handler of its task", async () => {
    const got: unknown[] = [];
    const view = liveView("TasksLive", {
      types: {} as { tasks: { one: number; other: string } },
      connected({ socket }) {
        socket.startAsync("one", () => 1);
        socket.startAsync("other", () => "text");
      },
      handleAsync: {
        one: ({ key, result }) => void got.push(key, result),
      },
      render: () => html`<p></p>`,
    });
    const page = await visitView(view);
    await page.connect();
    await page.settled();
    assert.deepEqual(got, ["one", { ok: true, value: 1 }]);
  });

  it("ends the view for the error of a task without a handler", async () => {
    const view = badLive({ handleAsync: { other: () => assert.fail("another task") } });
    const socket = await mountView(view);
    const error = new Error("no network");
    await assert.rejects(async () => handleAsync(socket, "toString", { ok: false, error }), error);
    await handleAsync(socket, "toString", { ok: true, value: 1 });
  });

  it("needs functions", () => {
    for (const wrong of [5, null, { one: 5 }]) {
      assert.throws(
        () => badLive({ handleAsync: wrong }),
        liveError("LIVE_ERR_VIEW", "handleAsync", "of the live view BadLive is invalid"),
      );
    }
  });
});
