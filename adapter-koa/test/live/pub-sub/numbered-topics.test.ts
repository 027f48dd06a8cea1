import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  createLive,
  type LiveOptions,
  LiveRouter,
  type LiveView,
  LocalPubSub,
  liveView,
  MissedMessages,
} from "@live-session/adapter-koa";
import { type Page, visit } from "@live-session/adapter-koa/testing";
import { array, asyncProperty, assert as check, constantFrom } from "fast-check";
import Koa from "koa";
import session from "koa-session";
import { html } from "lit";
import { liveError } from "../../support/live-error.js";
import { secret } from "../../support/server.js";
import { until } from "../../support/wait.js";

const numbered = (topic: string) => topic.startsWith("numbered");

interface Own {
  readonly got: readonly unknown[];
}

/** Shows the messages of a topic, which the browser keeps. */
const readerLive = (topic: string): LiveView =>
  liveView("ReaderLive", {
    types: {} as { own: Own },
    keep: ["got"],
    async mount({ socket }) {
      await socket.assignNew("got", () => []);
      socket.subscribe(topic, { resume: true });
    },
    handleInfo({ message, id, socket }) {
      const shown = message instanceof MissedMessages ? "missed" : `${message}${id ? "" : "?"}`;
      socket.assign({ got: [...socket.assigns.got, shown] });
    },
    handleEvent: { say: ({ socket }) => socket.broadcast(topic, "own") },
    render: ({ got }) => html`<p>${got.join(" ")}</p>`,
  }) as unknown as LiveView;

/** Visits a page that shows a view. */
function open(view: LiveView, options: Partial<LiveOptions>): Promise<Page> {
  const app = new Koa({ keys: [secret] });
  const live = createLive(new LiveRouter().live("/", view), { secret, ...options });
  return visit(app.use(session(app)).use(live.middleware()), "/");
}

const shown = (page: { render(): string }): string =>
  /<p>(.*?)<\/p>/.exec(page.render())?.[1] ?? "";

describe("a numbered topic", () => {
  it("delivers what is stored after an id, then new messages, each once and in order", () => {
    const pubSub = new LocalPubSub({ replay: { topics: numbered } });
    const ids: (string | undefined)[] = [];
    pubSub.subscribe("numbered", (_, __, id) => ids.push(id));
    for (let i = 0; i < 300; i++) pubSub.broadcast("numbered", i);
    assert.equal(new Set(ids).size, 300);
    const got: unknown[] = [];
    pubSub.subscribe("numbered", (message) => got.push(message), { after: ids[9] as string });
    for (let i = 300; i < 310; i++) pubSub.broadcast("numbered", i);
    return until(() => got.length === 300).then(() =>
      assert.deepEqual(
        got,
        Array.from({ length: 300 }, (_, i) => i + 10),
      ),
    );
  });

  it("stores messages up to a number and an age, and reports that others are missing", async (t) => {
    t.mock.timers.enable({ apis: ["Date"], now: 1_000_000 });
    const pubSub = new LocalPubSub({ replay: { topics: numbered, length: 2, age: 1000 } });
    let start = "";
    const end = pubSub.subscribe("numbered", () => {}, {
      started: (after) => {
        start = after;
      },
    });
    for (const message of ["a", "b", "c"]) pubSub.broadcast("numbered", message);
    end();
    const got: unknown[] = [];
    const read = () =>
      pubSub.subscribe("numbered", (message) => got.push(message), { after: start });
    read();
    await until(() => got.length === 3);
    assert.ok(got[0] instanceof MissedMessages);
    assert.deepEqual(got.slice(1), ["b", "c"]);
    t.mock.timers.setTime(1_002_000);
    read();
    await until(() => got.length === 4);
    assert.ok(got[3] instanceof MissedMessages);
  });

  it("waits for a subscriber that accepts no messages", async () => {
    const pubSub = new LocalPubSub({ replay: { topics: numbered } });
    const got: unknown[] = [];
    let accept = () => {};
    let busy: Promise<void> | undefined;
    pubSub.subscribe("numbered", (message) => got.push(message), { ready: () => busy });
    busy = new Promise((resolve) => {
      accept = resolve;
    });
    pubSub.broadcast("numbered", 1);
    pubSub.broadcast("numbered", 2);
    assert.deepEqual(got, []);
    busy = undefined;
    accept();
    await until(() => got.length === 2);
    pubSub.broadcast("numbered", 3);
    assert.deepEqual(got, [1, 2, 3]);
  });

  it("refuses an id of another form, and options that are wrong", () => {
    const pubSub = new LocalPubSub({ replay: { topics: numbered } });
    assert.throws(
      () => pubSub.subscribe("numbered", () => {}, { after: "9" }),
      liveError(
        "LIVE_ERR_OPTION",
        'the option "after" of subscribe is invalid\nExpected: the id of a message, such as "1700000000000-1"\nGot: "9"',
      ),
    );
    const wrong = { topics: numbered, age: 0 };
    assert.throws(
      () => new LocalPubSub({ replay: wrong }),
      liveError(
        "LIVE_ERR_OPTION",
        'the option "replay.age" is invalid\nExpected: a whole number above 0\nGot: 0',
      ),
    );
  });
});

describe("a view that resumes a numbered topic", () => {
  it("receives each message once, however often its connection ends", async () => {
    const steps = array(constantFrom("broadcast", "own", "cut", "reconnect"), { maxLength: 30 });
    await check(
      asyncProperty(steps, async (actions) => {
        const pubSub = new LocalPubSub({ replay: { topics: numbered } });
        const page = await open(readerLive("numbered"), { pubSub });
        await page.connect();
        let sent = 0;
        const expected: string[] = [];
        for (const action of [...actions, "reconnect"]) {
          if (action === "broadcast") {
            pubSub.broadcast("numbered", ++sent);
            expected.push(String(sent));
          } else if (action === "own" && page.isConnected) await page.push("say");
          else if (action === "cut" && page.isConnected) await page.disconnect();
          else if (action === "reconnect") {
            await page.reconnect();
            await page.settled();
          }
        }
        await page.settled();
        assert.equal(shown(page), expected.join(" "));
      }),
      { numRuns: 30 },
    );
  });

  it("receives more messages than may wait for a view", async () => {
    const pubSub = new LocalPubSub({ replay: { topics: numbered, length: 5000 } });
    const page = await open(readerLive("numbered"), { pubSub, limits: { mailbox: 50 } });
    await page.connect();
    await page.disconnect();
    for (let i = 0; i < 500; i++) pubSub.broadcast("numbered", i);
    await page.reconnect();
    await until(() => shown(page).split(" ").length === 500);
  });

  it("subscribes as usual if the topic is not numbered", async () => {
    const pubSub = new LocalPubSub();
    const page = await open(readerLive("plain"), { pubSub });
    await page.connect();
    pubSub.broadcast("plain", "hi");
    await page.settled();
    assert.equal(shown(page), "hi?");
  });
});

describe("socket.subscribe", () => {
  it("refuses the option after for a topic that is not numbered", async () => {
    const view = liveView("WrongLive", {
      types: {} as { own: object },
      mount: ({ socket }) => void socket.subscribe("plain", { after: "1-1" }),
      render: () => html``,
    });
    const app = new Koa({ keys: [secret] });
    const errors: unknown[] = [];
    app.on("error", (error) => errors.push(error));
    const live = createLive(new LiveRouter().live("/", view), { secret });
    const page = await visit(app.use(session(app)).use(live.middleware()), "/");
    await assert.rejects(page.connect(), (error: Error) =>
      /not numbered/.test(String(error.cause)),
    );
  });
});
