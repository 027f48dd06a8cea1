import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { describe, it, mock } from "node:test";
import { csrf, LiveRouter, liveView } from "@live-session/adapter-koa";
import Koa, { type Middleware } from "koa";
import session from "koa-session";
import { html } from "lit";
import { LongPoll, Socket } from "phoenix";
import { type Frame, joinOf } from "../../support/connection.js";
import { liveError } from "../../support/live-error.js";
import { type ServerSetup, startServer } from "../../support/server.js";
import { type Answer, type LivePage, Visitor } from "../../support/visitor.js";
import { until } from "../../support/wait.js";

const countLive = liveView("CountLive", {
  types: {} as { own: { count: number; visitor: unknown } },
  mount: ({ session, socket }) => socket.assign({ count: 0, visitor: session.visitor }),
  handleEvent: {
    inc: ({ socket }) => socket.assign({ count: socket.assigns.count + 1 }),
    big: ({ socket }) => socket.pushEvent("big", { text: "x".repeat(70_000) }),
  },
  handleInfo: ({ socket }) => socket.assign({ count: -1 }),
  render: ({ count, visitor }) => html`<p>${count} ${visitor}</p>`,
});

type Polled = { status: number; token: string | null; messages: readonly string[] };

/** A browser that polls. */
class Polling {
  readonly visitor: Visitor;
  readonly page: LivePage;
  token = "";
  #ref = 0;

  constructor(visitor: Visitor, page: LivePage) {
    this.visitor = visitor;
    this.page = page;
  }

  /** @param n the number of the request */
  path(token: string | undefined = this.token, n?: number): string {
    const query = new URLSearchParams({ _csrf_token: this.page.csrfToken, vsn: "2.0.0" });
    if (token) query.set("token", token);
    if (n !== undefined) query.set("n", String(n));
    return `/live/longpoll?${query}`;
  }

  get headers() {
    return { origin: this.visitor.server.origin };
  }

  async connect(): Promise<Polled> {
    const { text } = await this.visitor.fetch(this.path(""), { headers: this.headers });
    const polled: Polled = JSON.parse(text);
    this.token = polled.token ?? "";
    return polled;
  }

  async poll(n?: number): Promise<Polled> {
    const { text } = await this.visitor.fetch(this.path(this.token, n), { headers: this.headers });
    return JSON.parse(text);
  }

  /** Resolves when the request waits on the server. */
  async startPoll(): Promise<{ polled: Promise<Polled> }> {
    const { server } = this.visitor.server;
    const arrived = once(server, "request");
    const polled = this.poll();
    await arrived;
    await this.visitor.fetch("/"); // passes the same middleware
    return { polled };
  }

  async frames(n?: number): Promise<readonly Frame[]> {
    return (await this.poll(n)).messages.map((message) => JSON.parse(message));
  }

  post(body: string, n?: number): Promise<Answer> {
    const headers = { ...this.headers, "content-type": "application/x-ndjson" };
    return this.visitor.fetch(this.path(this.token, n), { method: "POST", headers, body });
  }

  frame(event: string, payload: unknown, topic = `lv:${this.page.id}`): string {
    const ref = String(++this.#ref);
    return JSON.stringify([event === "phx_join" ? ref : null, ref, topic, event, payload]);
  }

  click(event: string): string {
    return this.frame("event", { type: "click", event, value: {} });
  }

  async join(): Promise<void> {
    await this.connect();
    const { text } = await this.post(this.frame("phx_join", joinOf(this.page)));
    assert.deepEqual(JSON.parse(text), { status: 200 });
    const [reply] = await this.frames();
    assert.equal(reply?.[4].status, "ok");
  }
}

async function start(t: Parameters<typeof startServer>[0], setup: ServerSetup = {}) {
  const server = await startServer(t, new LiveRouter().live("/", countLive), {
    before: [
      async (ctx, next) => {
        if (ctx.session && ctx.query.visitor) ctx.session.visitor = ctx.query.visitor;
        if (ctx.session && ctx.query.id) ctx.session.live_socket_id = ctx.query.id;
        await next();
      },
    ],
    ...setup,
  });
  const visitor = new Visitor(server);
  return { server, polling: new Polling(visitor, await visitor.load("/?visitor=Ada&id=ada")) };
}

describe("long polling", () => {
  it("opens a connection, joins with the visitor's session, and receives frames in order", async (t) => {
    const { server, polling } = await start(t);
    const { status, token, messages } = await polling.connect();
    assert.deepEqual([status, typeof token, messages], [410, "string", []]);
    assert.equal(server.live.connections, 1);
    const frames = [
      polling.frame("phx_join", joinOf(polling.page)),
      polling.click("inc"),
      polling.click("inc"),
    ];
    assert.equal((await polling.post(frames.join("\n"))).text, '{"status":200}');
    const received: Frame[] = [];
    while (received.length < 3) received.push(...(await polling.frames()));
    assert.deepEqual(
      received.map(([, ref, , event]) => [ref, event]),
      [
        ["1", "phx_reply"],
        ["2", "phx_reply"],
        ["3", "phx_reply"],
      ],
    );
    assert.match(JSON.stringify(received[0]), /Ada/);
  });

  it("answers a waiting request as soon as there is a frame", async (t) => {
    const { server, polling } = await start(t);
    await polling.join();
    const waiting = polling.frames();
    await polling.post(polling.click("inc"));
    assert.deepEqual((await waiting)[0]?.[4], { status: "ok", response: { diff: { "0.1.0": 1 } } });
    assert.deepEqual(server.errors, []);
  });

  it("works with Phoenix's official client", async (t) => {
    const { server, polling } = await start(t, { sessions: false });
    const { id, token, url } = polling.page;
    const socket = new Socket(`ws://127.0.0.1:${server.port}/live`, { transport: LongPoll });
    t.after(() => socket.disconnect());
    socket.connect();
    const channel = socket.channel(`lv:${id}`, { token, url });
    const settled = (push: ReturnType<typeof channel.join>) =>
      new Promise((resolve, reject) => {
        push.receive("ok", resolve).receive("error", reject).receive("timeout", reject);
      });
    await settled(channel.join());
    const value = await settled(
      channel.push("event", { type: "click", event: "inc", value: {} }) as never,
    );
    assert.deepEqual(value, { diff: { "0.1.0": 1 } });
  });

  it("ends after a DELETE, after disconnect, and with the server", async (t) => {
    const { server, polling } = await start(t);
    await polling.join();
    await polling.visitor.fetch(polling.path(), { method: "DELETE", headers: polling.headers });
    assert.equal(server.live.connections, 0);
    assert.deepEqual(await polling.poll(), { status: 410, token: null, messages: [] });
    await polling.join();
    const waiting = await polling.startPoll();
    server.live.disconnect("ada");
    assert.equal((await waiting.polled).status, 204);
    assert.equal((await polling.poll()).status, 410);
    await polling.join();
    await server.live.close();
    assert.equal(server.live.connections, 0);
    assert.equal(
      (await polling.visitor.fetch(polling.path(), { headers: polling.headers })).status,
      503,
    );
  });

  it("ends after a time without requests, but not while requests arrive", async (t) => {
    mock.timers.enable({ apis: ["setTimeout"] });
    t.after(() => mock.timers.reset());
    const { server, polling } = await start(t);
    await polling.connect();
    const waiting = await polling.startPoll();
    mock.timers.tick(10_000);
    assert.equal((await waiting.polled).status, 204);
    assert.equal(server.live.connections, 1);
    mock.timers.tick(15_000);
    assert.equal(server.live.connections, 0);
    assert.deepEqual(server.errors, []);
  });

  it("ends after a truncated post, without an error of the app", async (t) => {
    const { server, polling } = await start(t);
    await polling.join();
    const arrived = once(server.server, "request");
    const sent = request(`${server.origin}${polling.path()}`, {
      method: "POST",
      headers: { ...polling.headers, cookie: polling.visitor.cookie, "content-length": "1000" },
    });
    sent.on("error", () => {});
    sent.write(polling.click("inc"));
    await arrived;
    await polling.visitor.fetch("/"); // passes the same middleware
    sent.destroy();
    await until(() => server.live.connections === 0, "the end of the connection");
    assert.equal((await polling.poll()).status, 410);
    assert.deepEqual(server.errors, []);
  });

  it("handles a numbered post once, even if it is sent again", async (t) => {
    const { polling } = await start(t);
    await polling.join();
    const clicks = [polling.click("inc"), polling.click("inc")];
    for (const [i, n] of [1, 1, 2, 1, 2].entries()) {
      const { text } = await polling.post(clicks[n - 1] as string, n);
      assert.equal(text, '{"status":200}', `post ${i}`);
    }
    // Not a number of a request.
    for (const n of [0, -1]) await polling.post(polling.click("inc"), n);
    assert.deepEqual(
      (await polling.frames()).map((frame) => [frame[1], frame[4].response]),
      [
        ["2", { diff: { "0.1.0": 1 } }],
        ["3", { diff: { "0.1.0": 2 } }],
        ["4", { diff: { "0.1.0": 3 } }],
        ["5", { diff: { "0.1.0": 4 } }],
      ],
    );
  });

  it("sends the frames of a lost response again, and later ones once", async (t) => {
    const { polling } = await start(t);
    await polling.join();
    const counts = async (n: number) =>
      (await polling.frames(n)).map((frame) => frame[4].response.diff["0.1.0"]);
    await polling.post(polling.click("inc"));
    assert.deepEqual(await counts(1), [1]);
    assert.deepEqual(await counts(1), [1]);
    await polling.post(polling.click("inc"));
    assert.deepEqual(await counts(1), [1, 2]);
    await polling.post(polling.click("inc"));
    assert.deepEqual(await counts(2), [3]);
    const waiting = [counts(3), counts(3)];
    await polling.post(polling.click("inc"));
    assert.deepEqual((await Promise.all(waiting)).at(-1), [4]);
  });

  it("delays the answer to a post until the browser polls, and then sends every frame", async (t) => {
    const { polling } = await start(t);
    await polling.join();
    const posted = polling.post(
      [polling.click("big"), polling.click("inc"), polling.click("inc")].join("\n"),
    );
    let isPosted = false;
    void posted.then(() => {
      isPosted = true;
    });
    const first = await polling.frames();
    assert.equal(first.length, 1);
    assert.equal((await posted).status, 200);
    assert.ok(isPosted);
    const counts: unknown[] = [];
    while (counts.length < 2)
      counts.push(...(await polling.frames()).map((frame) => frame[4].response));
    assert.deepEqual(counts, [{ diff: { "0.1.0": 1 } }, { diff: { "0.1.0": 2 } }]);
  });

  it("passes a check of CSRF tokens by the app", async (t) => {
    const { polling } = await start(t, { before: [csrf()] });
    await polling.join();
    const { status } = await polling.visitor.fetch("/live/longpoll?vsn=2.0.0", {
      method: "POST",
      body: "",
    });
    assert.equal(status, 403);
  });
});

describe("long polling refuses", () => {
  const forged = ["x", "", "a.b", `${Buffer.from('{"d":"x","t":0}').toString("base64url")}.x`];

  it("a foreign origin, for every kind of request", async (t) => {
    const { server, polling } = await start(t);
    await polling.join();
    for (const method of ["GET", "HEAD", "POST", "DELETE", "OPTIONS"]) {
      const { status, headers } = await polling.visitor.fetch(polling.path(), {
        method,
        headers: { origin: "https://evil.example" },
      });
      assert.equal(status, 403, method);
      assert.equal(headers["access-control-allow-origin"], undefined);
    }
    assert.equal(server.live.connections, 1);
  });

  it("another protocol version and another method", async (t) => {
    const { polling } = await start(t);
    assert.equal((await polling.visitor.fetch("/live/longpoll?vsn=1.0.0")).status, 403);
    assert.equal(
      (await polling.visitor.fetch("/live/longpoll?vsn=2.0.0", { method: "PUT" })).status,
      405,
    );
  });

  it("tokens that are forged, signed for another purpose, or of another visitor", async (t) => {
    const { server, polling } = await start(t);
    await polling.join();
    const { token } = polling;
    for (const wrong of [...forged.filter(Boolean), polling.page.token, `${token}x`]) {
      polling.token = wrong;
      assert.deepEqual(await polling.poll(), { status: 410, token: null, messages: [] });
      assert.equal((await polling.post(polling.click("inc"))).text, '{"status":410}');
    }
    const stranger = new Visitor(server);
    const thief = new Polling(stranger, await stranger.load("/"));
    thief.token = token;
    assert.equal((await thief.poll()).status, 410);
    await stranger.fetch(thief.path(), { method: "DELETE" });
    assert.equal(server.live.connections, 1);
  });

  it("a join without the session's CSRF token", async (t) => {
    const { polling } = await start(t);
    await polling.connect();
    await polling.post(
      polling.frame("phx_join", joinOf(polling.page, { params: { _csrf_token: "no" } })),
    );
    assert.deepEqual((await polling.frames())[0]?.[4], {
      status: "error",
      response: { reason: "stale" },
    });
  });

  it("frames and posts that are too long, and posts that are not frames", async (t) => {
    const { server, polling } = await start(t, { limits: { frameBytes: 1000 } });
    for (const body of ["x".repeat(1001), "x\n".repeat(2001), `${"é".repeat(501)}`]) {
      await polling.connect();
      assert.equal((await polling.post(body)).status, 413);
      assert.equal(server.live.connections, 0);
    }
    await polling.connect();
    assert.equal((await polling.post("hello")).text, '{"status":410}');
    assert.equal(server.live.connections, 0);
    assert.deepEqual(server.errors, []);
  });

  it("a body that is not HTTP, without an error of the app", async (t) => {
    const { server, polling } = await start(t);
    await polling.join();
    for (const [method, body] of [
      ["GET", "0\r\n\r\nnot a request\r\n\r\n"],
      ["POST", "0\r\n\r\nnot a request\r\n\r\n"],
      ["POST", "3\r\nabc\r\nnot a chunk\r\n"],
    ]) {
      const socket = connect(Number(new URL(server.origin).port), "127.0.0.1");
      socket.write(
        `${method} ${polling.path()} HTTP/1.1\r\nHost: ${new URL(server.origin).host}\r\n` +
          `Cookie: ${polling.visitor.cookie}\r\nTransfer-Encoding: chunked\r\n\r\n${body}`,
      );
      assert.match(await text(socket), /HTTP\/1\.1 400 /);
    }
    assert.deepEqual(server.errors, []);
  });

  it("too many frames and too many connections", async (t) => {
    const limits = { eventsPerSecond: 5, longPolls: 2 };
    const { server, polling } = await start(t, { limits });
    await polling.connect();
    const heartbeats = Array.from({ length: 20 }, () => polling.frame("heartbeat", {}, "phoenix"));
    assert.equal((await polling.post(heartbeats.join("\n"))).text, '{"status":410}');
    await polling.join();
    await polling.join();
    const { status, text } = await polling.visitor.fetch(polling.path(""));
    assert.deepEqual([status, text], [503, '{"status":500}']);
    assert.equal(server.live.connections, 2);
  });

  it("no connection that joins a view, while others exceed the limit without a join", async (t) => {
    const { server, polling } = await start(t, { limits: { longPolls: 2 } });
    const other = new Polling(polling.visitor, polling.page);
    await other.connect();
    await other.connect();
    await polling.join();
    await other.connect();
    await other.connect();
    const answer = await polling.post(polling.click("inc"));
    assert.deepEqual(JSON.parse(answer.text), { status: 200 });
    assert.equal(server.live.connections, 2);
  });
});

describe("long polling from another site", () => {
  it("is allowed for allowed origins", async (t) => {
    const { polling } = await start(t, { origins: ["https://friend.example"] });
    const headers = { origin: "https://friend.example", "access-control-request-method": "POST" };
    const { status, headers: allowed } = await polling.visitor.fetch(polling.path(""), {
      method: "OPTIONS",
      headers,
    });
    assert.equal(status, 204);
    assert.equal(allowed["access-control-allow-origin"], "https://friend.example");
    assert.match(String(allowed["access-control-allow-methods"]), /POST/);
    assert.equal(allowed["access-control-allow-headers"], "content-type");
  });
});

describe("a waiting request", () => {
  it("does not undo a logout with a rolling session", async (t) => {
    const stored = new Map<string, object>();
    const store = {
      get: async (key: string) => stored.get(key),
      set: async (key: string, data: object) => void stored.set(key, { ...data }),
      destroy: async (key: string) => void stored.delete(key),
    };
    for (const options of [{ rolling: true }, { rolling: true, store }]) {
      const logInOrOut: Middleware = (ctx, next) => {
        if (ctx.session && ctx.query.user) ctx.session.user = ctx.query.user;
        if (ctx.query.logout !== undefined) ctx.session = null;
        if (ctx.path !== "/user") return next();
        ctx.body = String(ctx.session?.user);
      };
      const app = new Koa();
      app.keys = ["a key of these tests"];
      const server = await startServer(t, new LiveRouter().live("/", countLive), {
        sessions: false,
        first: [session(options as object, app), logInOrOut],
      });
      server.app.keys = app.keys;
      Object.defineProperties(server.app.context, Object.getOwnPropertyDescriptors(app.context));
      const visitor = new Visitor(server);
      const page = await visitor.load("/?user=ada");
      const polling = new Polling(visitor, page);
      await polling.connect();
      const { polled } = await polling.startPoll();
      await visitor.fetch("/user?logout");
      assert.equal((await visitor.fetch("/user")).text, "undefined");
      await polling.visitor.fetch(polling.path(), { method: "DELETE", headers: polling.headers });
      server.live.disconnect("nobody");
      await server.live.close();
      await polled;
      assert.equal((await visitor.fetch("/user")).text, "undefined");
      assert.ok(![...stored.values()].some((data) => "user" in data));
    }
  });

  it("reports a body that an earlier middleware has read", async (t) => {
    const read: Middleware = async (ctx, next) => {
      if (ctx.method === "POST") for await (const _chunk of ctx.req);
      await next();
    };
    const server = await startServer(t, new LiveRouter().live("/", countLive), { before: [read] });
    const visitor = new Visitor(server);
    const polling = new Polling(visitor, await visitor.load("/"));
    await polling.connect();
    const response = await polling.post('[null,"1","phoenix","heartbeat",{}]');
    assert.equal(response.status, 500);
    liveError("LIVE_ERR_BODY", "Expected: ", "Got: ")(server.errors[0]);
  });
});
