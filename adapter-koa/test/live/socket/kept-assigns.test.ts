import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cont, type LiveRouter, liveEvent, liveView, onMount } from "@live-session/adapter-koa";
import { visit } from "@live-session/adapter-koa/testing";
import type { Message } from "@live-session/components/protocol";
import { html } from "lit";
import { z } from "zod";
import { createApp } from "../../support/app.js";
import { joinedChannel, replyOf } from "../../support/fake-outbox.js";
import { liveError } from "../../support/live-error.js";
import { until } from "../../support/wait.js";

type Draft = { title: string };

/** A wizard that keeps its step and its draft, after a hook of the live session that keeps a filter. */
const wizardLive = liveView("WizardLive", {
  types: {} as {
    needs: { filter: string };
    own: { step: number; draft: Draft; other: number };
  },
  keep: { assigns: ["step", "draft"], reload: true },
  async mount({ kept, socket }) {
    await socket.assignNew("step", () => 1);
    socket.assign({ draft: kept.draft ?? { title: "" }, other: 0 });
  },
  handleEvent: {
    next({ socket }) {
      socket.assign({ step: socket.assigns.step + 1 });
    },
    write: liveEvent(z.object({ title: z.string() }), ({ payload, socket }) => {
      socket.assign({ draft: payload });
    }),
    other({ socket }) {
      socket.assign({ other: 1 });
    },
    leave({ socket }) {
      socket.assign({ filter: "left" } as never);
      socket.pushNavigate("/list");
    },
  },
  render: ({ step, draft, other, filter }) =>
    html`<p>${step} ${draft.title} ${other} ${filter}</p>`,
});

const listLive = liveView("ListLive", {
  types: {} as { needs: { filter: string } },
  render: ({ filter }) => html`<p>list ${filter}</p>`,
});

const mountFilter = onMount("mountFilter", async ({ socket }) => {
  socket.keep("filter");
  const filter = await socket.assignNew<string>("filter", () => "all");
  socket.attachHook("filter", "handleEvent", ({ event, payload }) =>
    event === "filter" ? cont({ filter: String(payload) }) : cont(),
  );
  return cont({ filter });
});

const { app } = createApp((router: LiveRouter) => {
  router
    .liveSession("main", { onMount: [mountFilter] })
    .live("/", wizardLive)
    .live("/list", listLive);
  router.liveSession("other", { onMount: [mountFilter] }).live("/other", listLive);
});

async function openWizard() {
  const page = await visit(app, "/");
  await page.connect();
  return page;
}

const text = (page: Awaited<ReturnType<typeof openWizard>>) => page.element("p").render();

describe("kept assigns", () => {
  it("survive the end of their view's process, and other assigns do not", async () => {
    const page = await openWizard();
    await page.push("next");
    await page.push("write", { title: "A talk" });
    await page.push("other");
    await page.reconnect();
    assert.match(text(page), /2 A talk 0 all/);
    await page.push("next");
    await page.reconnect();
    assert.match(text(page), /3 A talk/);
  });

  it("of a view with the option `reload` survive a reload of the page", async () => {
    const page = await openWizard();
    await page.push("next");
    await page.visit("/");
    assert.match(text(page), /1 {2}0/);
    await page.connect();
    assert.match(text(page), /2 {2}0/);
  });

  it("of a view end when its user leaves it, and those of a hook stay within the live session", async () => {
    const page = await openWizard();
    await page.push("next");
    await page.push("leave");
    await page.followRedirect();
    assert.match(text(page), /list left/);
    await page.reconnect();
    assert.match(text(page), /list left/);
    await page.navigate("/");
    assert.match(text(page), /1 {2}0 left/);
    await page.visit("/other");
    await page.connect();
    assert.match(text(page), /list all/);
  });

  it("are dropped if the schema of the view refuses them", async () => {
    let build = 1;
    const countLive = liveView("CountLive", {
      types: {} as { own: { count: number } },
      keep: {
        assigns: ["count"],
        schema: z.object({ count: z.number().refine(() => build === 1) }),
      },
      async mount({ socket }) {
        await socket.assignNew("count", () => 0);
      },
      handleEvent: {
        inc({ socket }) {
          socket.assign({ count: socket.assigns.count + 1 });
        },
      },
      render: ({ count }) => html`<p>${count}</p>`,
    });
    const { app } = createApp((router) => router.liveSession("main").live("/", countLive));
    const page = await visit(app, "/");
    await page.connect();
    await page.push("inc");
    await page.reconnect();
    assert.match(text(page), />1</);
    build = 2;
    await page.reconnect();
    assert.match(text(page), />0</);
  });

  it("are part of the reply that acknowledges their change, and of no other", async () => {
    const { channel, outbox, reply } = await joinedChannel(keepingLive());
    assert.deepEqual(reply.kept, { sealed: '{"view":{"count":0},"session":{}}' });
    for (const [ref, event] of [
      ["2", "other"],
      ["3", "inc"],
      ["4", "other"],
    ] as const) {
      channel.event(ref, event, {});
      await until(() => outbox.sent.length > 0);
      const [sent] = outbox.sent.splice(0) as [Message];
      assert.equal("kept" in replyOf(sent).response, event === "inc");
    }
  });

  it("must be JSON", async () => {
    const { channel, errors } = await joinedChannel(keepingLive(() => new Map() as never));
    channel.event("2", "inc", {});
    await until(() => errors.length > 0);
    liveError(
      "LIVE_ERR_KEEP",
      'the assign "count" kept by KeepingLive is not JSON',
      "JSON at count",
    )(errors[0]);
  });

  it("are named in a list, and the library's own assigns cannot be kept", () => {
    const render = () => html``;
    for (const keep of ["step", [1], ["flash"], { assigns: ["step"], maxage: 1 }, { maxAge: 1 }]) {
      assert.throws(
        () => liveView("WrongLive", { keep: keep as never, render }),
        liveError("LIVE_ERR_KEEP", "WrongLive"),
      );
    }
  });
});

function keepingLive(next = (count: number) => count + 1) {
  return liveView("KeepingLive", {
    types: {} as { own: { count: number } },
    keep: ["count"],
    mount({ socket }) {
      socket.assign({ count: 0 });
    },
    handleEvent: {
      inc({ socket }) {
        socket.assign({ count: next(socket.assigns.count) });
      },
      other({ socket }) {
        socket.pageTitle = "other";
      },
    },
    render: ({ count }) => html`<p>${typeof count}</p>`,
  });
}
