import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cont, halt, onMount, redirect, reply, type Socket } from "@live-session/adapter-koa";
import { type Page, visit } from "@live-session/adapter-koa/testing";
import { html } from "lit";
import { appOf, createApp, pageOf } from "../../support/app.js";
import { handlingLive } from "../../support/views/handling-live.js";

type Assigns = Record<string, unknown>;
const shows = ({ shown }: Assigns) => html`<p>${shown}</p>`;

async function connected(...args: Parameters<typeof handlingLive>): Promise<Page> {
  const page = await visit(appOf(handlingLive(...args)).app, "/");
  await page.connect();
  return page;
}

/** Throws for each broadcast of news. */
const breakingAtNews = {
  mount: ({ socket }: { socket: Socket }) => void socket.subscribe("news"),
  handleInfo() {
    throw new Error("a broken message");
  },
};

describe("a visited page", () => {
  it("shows the result of an event and of the messages that it caused", async () => {
    const page = await connected(({ socket }) => socket.send("sent"), {
      handleInfo: ({ message, socket }: { message: unknown; socket: Socket<Assigns> }) =>
        socket.assign({ shown: message }),
    });
    await page.push("do");
    assert.ok(page.hasElement("p", "sent"));
    await page.send("from the test");
    assert.ok(page.hasElement("p", /^from the test$/));
  });

  it("waits for tasks with settled", async () => {
    let finish = (_: string) => {};
    const task = new Promise<string>((resolve) => {
      finish = resolve;
    });
    const page = await connected(({ socket }) => socket.startAsync("load", () => task), {
      handleAsync: ({ result, socket }: { result: { value: unknown }; socket: Socket<Assigns> }) =>
        socket.assign({ shown: result.value }),
    });
    await page.push("do");
    assert.ok(!page.hasElement("p", "loaded"));
    setImmediate(() => finish("loaded"));
    await page.settled();
    assert.ok(page.hasElement("p", "loaded"));
  });

  it("names the tasks that do not end", async () => {
    const view = handlingLive(({ socket }) =>
      socket.startAsync("endless", () => new Promise(() => {})),
    );
    const page = await visit(appOf(view).app, "/", { timeout: 1000 });
    await page.connect();
    await page.push("do");
    await assert.rejects(page.settled(), /still busy after 1000 ms\nGot: running tasks: endless/);
  });

  it("shows broadcasts", async () => {
    const { app, live } = appOf(
      pageOf(shows, {
        mount({ socket }: { socket: Socket }) {
          socket.subscribe("news");
        },
        handleInfo: ({ message, socket }: { message: unknown; socket: Socket<Assigns> }) =>
          socket.assign({ shown: message }),
      }),
    );
    const page = await visit(app, "/");
    await page.connect();
    live.broadcast("news", "hello");
    await page.settled();
    assert.ok(page.hasElement("p", "hello"));
  });

  it("fails with the error that the view throws in an event or later", async () => {
    const page = await connected(() => {
      throw new Error("a broken event");
    });
    await assert.rejects(page.push("do"), /the view crashed: a broken event/);
    const other = await connected(({ socket }) => socket.send("x"), {
      handleInfo() {
        throw new Error("a broken message");
      },
    });
    await assert.rejects(other.push("do"), /the view crashed: a broken message/);
  });

  it("fails with an error that the view threw between two actions, until the view is joined again", async () => {
    const { app, live } = appOf(
      pageOf(
        () => html`<a href="/" live-navigate>on</a><form live-submit="x" action="/"></form>`,
        breakingAtNews,
      ),
    );
    const page = await visit(app, "/");
    await page.connect();
    live.broadcast("news", "hello");
    await assert.rejects(page.push("do"), /the view crashed: a broken message/);
    assert.equal(page.isConnected, false);
    const failing: (() => Promise<unknown>)[] = [
      () => page.push("do"),
      () => page.settled(),
      () => page.send("x"),
      () => page.patch("/?q=1"),
      () => page.navigate("/"),
      () => page.element("a").click(),
      () => page.form("form").submit(),
    ];
    for (const act of failing) {
      await assert.rejects(act(), ({ message, cause }: Error) => {
        assert.equal(message, "the view crashed: a broken message");
        return (cause as Error).message === "a broken message";
      });
    }
    await page.reconnect();
    assert.deepEqual([page.isConnected, live.connections], [true, 1]);
    live.broadcast("news", "hello");
    await assert.rejects(page.settled(), /a broken message/);
    await page.connect();
    assert.deepEqual([page.isConnected, live.connections], [true, 1]);
    live.broadcast("news", "hello");
    await assert.rejects(page.settled(), /a broken message/);
    await page.disconnect();
    await assert.rejects(page.push("do"), /the page is not connected/);
  });

  it("fails with the error of its view even while another page is visited", async () => {
    const { app, live } = appOf(pageOf(() => html`<p></p>`, breakingAtNews));
    const page = await visit(app, "/");
    await page.connect();
    live.broadcast("news", "hello");
    for (let visits = 0; visits < 2; visits++) await visit(app, "/");
    await assert.rejects(page.settled(), /the view crashed: a broken message/);
  });

  it("has a title, provided data and a flash", async () => {
    const page = await connected(
      ({ socket }) => {
        socket.pageTitle = "After";
        socket.assign({ shown: 1 });
        socket.putFlash("info", "Saved.");
      },
      {
        mount({ socket }: { socket: Socket<Assigns> }) {
          socket.pageTitle = "Before";
          socket.assign({ shown: 0 });
          socket.provide("shown");
        },
      },
    );
    assert.equal(page.title, "Before");
    assert.deepEqual([page.provided, page.flash], [{ shown: 0 }, {}]);
    await page.push("do");
    assert.equal(page.title, "After");
    assert.deepEqual([page.provided, page.flash], [{ shown: 1 }, { info: "Saved." }]);
  });

  it("asserts replies", async () => {
    const page = await connected(() => reply({ ok: true }));
    assert.throws(() => page.assertReply({ ok: true }), /Expected: {"ok":true}\nGot: no reply/);
    await page.push("do");
    page.assertReply({ ok: true });
    assert.throws(() => page.assertReply({ ok: false }), /Got: {"ok":true}/);
  });

  it("refutes replies", async () => {
    const page = await connected(() => reply({ ok: true }));
    page.refuteReply();
    await page.push("do");
    page.refuteReply({ ok: false });
    assert.throws(() => page.refuteReply(), /the view sent a reply\nGot: {"ok":true}/);
    assert.throws(() => page.refuteReply({ ok: true }), /Got: {"ok":true}/);
  });

  it("refutes pushed events that no assertion has checked", async () => {
    const page = await connected(({ socket }) => socket.pushEvent("scroll", { to: 1 }));
    page.refutePushEvent("scroll");
    await page.push("do");
    page.refutePushEvent("jump");
    page.refutePushEvent("scroll", { to: 2 });
    assert.throws(
      () => page.refutePushEvent("scroll"),
      /has pushed the event "scroll"\nGot: {"to":1}/,
    );
    assert.throws(() => page.refutePushEvent("scroll", { to: 1 }), /Got: {"to":1}/);
    page.assertPushEvent("scroll");
    page.refutePushEvent("scroll");
  });

  it("asserts each pushed event once", async () => {
    const page = await connected(({ socket }) => socket.pushEvent("scroll", { to: 1 }));
    await page.push("do");
    assert.throws(() => page.assertPushEvent("jump"), /"jump"\nCandidates:\n {2}scroll {"to":1}/);
    assert.throws(() => page.assertPushEvent("scroll", { to: 2 }), /Expected: {"to":2}/);
    page.assertPushEvent("scroll", { to: 1 });
    assert.throws(() => page.assertPushEvent("scroll"), /Candidates: none/);
  });

  it("loads another page, as the address bar does", async () => {
    const page = await connected(() => {});
    await page.visit("/elsewhere");
    assert.deepEqual([page.status, page.path, page.isConnected], [404, "/elsewhere", false]);
    await assert.rejects(page.visit("https://example.com/"), /the page does not belong to the app/);
  });
});

describe("the navigation of a visited page", () => {
  const view = (name: string) =>
    pageOf(({ q }) => html`<h1>${name} ${q}</h1>`, {
      handleParams: ({ params, socket }: { params: Assigns; socket: Socket<Assigns> }) =>
        socket.assign({ q: params.q ?? "" }),
      handleEvent: {
        patch: ({ socket }: { socket: Socket }) => socket.pushPatch("/a?q=pushed"),
        away: ({ socket }: { socket: Socket }) => {
          socket.putFlash("info", "Went.");
          socket.pushNavigate("/b");
        },
        out: ({ socket }: { socket: Socket }) => {
          socket.putFlash("info", "Gone.");
          socket.redirect("/c");
        },
      },
    });
  const { app } = createApp((router) => {
    router.liveSession("one").live("/a", view("A"), "a").live("/b", view("B"), "b");
    router.liveSession("two").live("/c", view("C"), "c");
    const toC = onMount("toC", () => halt(redirect("/c")));
    router.liveSession("old", { onMount: [toC] }).live("/old", view("Old"), "old");
    const leave = onMount("leave", ({ socket }) =>
      socket.connected ? halt(redirect("/a")) : cont(),
    );
    router.liveSession("three", { onMount: [leave] }).live("/leads", view("D"), "d");
  });
  const open = async (): Promise<Page> => {
    const page = await visit(app, "/a");
    await page.connect();
    return page;
  };

  it("patches when a link does", async () => {
    const page = await open();
    await page.patch("/a?q=1");
    assert.equal(page.path, "/a?q=1");
    assert.ok(page.hasElement("h1", "A 1"));
    page.assertPatch("/a?q=1");
    assert.throws(() => page.assertPatch(), /has not been patched\nCandidates: none/);
  });

  it("follows a patch of the view", async () => {
    const page = await open();
    await page.push("patch");
    assert.equal(page.path, "/a?q=pushed");
    assert.throws(() => page.assertPatch("/a"), /patched to \/a\nCandidates:\n {2}\/a\?q=pushed/);
    page.assertPatch(/pushed$/);
  });

  it("refutes patches and redirects", async () => {
    const page = await open();
    page.refutePatch();
    await page.push("patch");
    page.refutePatch("/a");
    page.refuteRedirect();
    const anyPatch = /the view has been patched\nExpected: no patch\nGot: \/a\?q=pushed/;
    assert.throws(() => page.refutePatch(), anyPatch);
    assert.throws(() => page.refutePatch(/pushed/), /Expected: no patch to \/pushed\//);
    page.assertPatch();
    page.refutePatch();
    await page.push("away");
    page.refuteRedirect("/c");
    assert.throws(() => page.refuteRedirect(), /redirects\nExpected: no redirect\nGot: \/b/);
    assert.throws(() => page.refuteRedirect("/b"), /Expected: no redirect to \/b\nGot: \/b/);
    await page.followRedirect();
    page.refuteRedirect();
  });

  it("reports a patch instead of a redirect, and a redirect instead of a patch", async () => {
    const page = await open();
    await page.push("patch");
    const patched =
      /Expected: a redirect to \/b\nGot: a patch to \/a\?q=pushed, which assertPatch checks/;
    assert.throws(() => page.assertRedirect("/b"), patched);
    await assert.rejects(page.followRedirect("/b"), patched);
    page.assertPatch();
    await page.push("away");
    assert.throws(
      () => page.assertPatch("/b"),
      /has not been patched to \/b\nGot: a redirect to \/b, which assertRedirect checks/,
    );
  });

  it("refutes the HTTP redirect that led to the page", async () => {
    const page = await visit(app, "/old");
    page.refuteRedirect("/a");
    assert.throws(() => page.refuteRedirect(), /Got: \/c/);
  });

  it("navigates within the live session over the same connection", async () => {
    const page = await open();
    await page.navigate("/b?q=2");
    assert.ok(page.isConnected);
    assert.ok(page.hasElement("h1", "B 2"));
    assert.equal(page.path, "/b?q=2");
  });

  it("loads the page of another live session", async () => {
    const page = await open();
    await page.navigate("/c");
    assert.equal(page.isConnected, false);
    assert.ok(page.hasElement("h1", "C"));
    await page.connect();
    assert.ok(page.isConnected);
  });

  it("follows the redirect of a hook when the view is joined", async () => {
    const page = await visit(app, "/leads");
    await page.connect();
    assert.equal(page.isConnected, false);
    page.assertRedirect("/a");
    await page.followRedirect();
    assert.ok(page.hasElement("h1", "A"));
  });

  it("is not changed by the redirect through which the page was reached", async () => {
    const page = await visit(app, "/old");
    page.assertRedirect("/c");
    await assert.rejects(
      page.followRedirect(),
      /does not redirect as expected\nExpected: a redirect\nGot: no redirect/,
    );
    await page.connect();
    assert.throws(() => page.assertRedirect("/c"), /Expected: a redirect to \/c\nGot: no redirect/);
    await assert.rejects(
      page.followRedirect("/c"),
      /Expected: a redirect to \/c\nGot: no redirect/,
    );
    await page.disconnect();
    assert.throws(() => page.assertRedirect(), /Got: no redirect/);
  });

  it("follows the view's redirect if the test requests it, with the flash", async () => {
    const page = await open();
    assert.throws(() => page.assertRedirect(), /Expected: a redirect\nGot: no redirect/);
    await page.push("away");
    page.assertRedirect("/b");
    await assert.rejects(page.push("patch"), /the view is gone: it redirected to \/b/);
    await assert.rejects(page.followRedirect("/c"), /Expected: a redirect to \/c\nGot: \/b/);
    await page.followRedirect();
    assert.ok(page.isConnected);
    assert.deepEqual(page.flash, { info: "Went." });
    await page.push("out");
    await page.followRedirect("/c");
    assert.equal(page.isConnected, false);
    await page.connect();
    assert.deepEqual(page.flash, { info: "Gone." });
  });
});
