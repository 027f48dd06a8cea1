import assert from "node:assert/strict";
import { createLive, LiveRouter, liveView } from "@live-session/adapter-koa";
import { visit, visitView } from "@live-session/adapter-koa/testing";
import Koa from "koa";
import session from "koa-session";
import { html } from "lit";

const counterLive = liveView("CounterLive", {
  mount({ socket }) {
    socket.assign({ count: 0 });
  },
  handleEvent: {
    inc({ socket }) {
      socket.assign({ count: socket.assigns.count + 1 });
    },
    crash() {
      throw new Error("a broken event");
    },
  },
  render: ({ count }) => html`<p>${count}</p><button live-click="inc">More</button>`,
});

export async function counts() {
  const router = new LiveRouter();
  router.liveSession("public").live("/", counterLive, "show");
  const live = createLive(router, { secret: "at least 32 characters, kept secret" });
  const app = new Koa({ keys: ["a key"] });
  app.use(session({}, app)).use(live.middleware());
  const page = await visit(app, "/");
  await page.connect();
  await page.element("button", "More").click();
  assert.equal(page.element("p").text, "1");
  await page.disconnect();
}

export async function tellsWhatTheViewThrew() {
  const page = await visitView(counterLive);
  await page.connect();
  await assert.rejects(page.push("crash"), {
    name: "AssertionError",
    message: "the view crashed: a broken event",
  });
}

/** Fails, with the kit's own message. */
export async function fails() {
  const page = await visitView(counterLive);
  await page.element("a").click();
}
