import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cont, liveView, onMount } from "@live-session/adapter-koa";
import { visitView } from "@live-session/adapter-koa/testing";
import { html } from "lit";
import { liveError } from "../support/live-error.js";

const user = onMount("user", ({ session }) => cont({ user: String(session.user) }));

const greetingLive = liveView("GreetingLive", {
  types: {} as { needs: { user: string }; own: { count: number } },
  mount({ socket }) {
    socket.assign({ count: Number(socket.connectParams?.from ?? 0) });
  },
  handleEvent: {
    inc({ socket }) {
      socket.assign({ count: socket.assigns.count + 1 });
    },
  },
  render: ({ user, count }) => html`<p>${user} ${count}</p><button live-click="inc">More</button>`,
});

describe("visitView", () => {
  it("mounts a single view, with a session and hooks", async () => {
    const page = await visitView(greetingLive, { session: { user: "Ada" }, onMount: user });
    assert.ok(page.hasElement("p", "Ada 0"));
    await page.connect({ from: 5 });
    await page.element("button").click();
    assert.ok(page.hasElement("p", "Ada 6"));
  });

  it("accepts the options layout and visit", async () => {
    const bareLive = liveView("BareLive", { render: () => html`<i id="a"></i><i id="a"></i>` });
    const layout = ({ content }: { content: unknown }) => html`<main>${content}</main>`;
    const page = await visitView(bareLive, { layout, checks: { duplicateId: "ignore" } });
    assert.ok(page.hasElement("main i"));
  });

  it("requires hooks that provide the view's needs", async () => {
    // @ts-expect-error the user is not provided
    const page = await visitView(greetingLive, {});
    assert.ok(page.hasElement("p", "0"));
  });

  it("refuses a view that needs a route", async () => {
    const routedLive = liveView("RoutedLive", { handleParams() {}, render: () => html`` });
    await assert.rejects(
      visitView(routedLive),
      /RoutedLive has handleParams[\s\S]*Expected: visit\(app, path\)/,
    );
  });

  it("refuses session data with keys that are not strings", async (t) => {
    t.mock.method(console, "error", () => {}); // Koa prints errors of the app.
    const bareLive = liveView("BareLive", { render: () => html`` });
    await assert.rejects(visitView(bareLive, { session: { [Symbol("a")]: 1 } }), (error: Error) =>
      liveError("LIVE_ERR_SESSION_DATA", "an object with string keys")(error.cause),
    );
  });
});
