import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import { connect, type Socket } from "node:net";
import { Readable } from "node:stream";
import { describe, it } from "node:test";
import { createLive, LiveRouter, liveView } from "@live-session/adapter-koa";
import { html } from "lit";
import { type RawData, WebSocket, WebSocketServer } from "ws";
import { type LiveServer, secret, startServer } from "../../support/server.js";
import { Visitor } from "../../support/visitor.js";
import { until } from "../../support/wait.js";
import { joinedText } from "../../support/wire-html.js";

const plainLive = liveView("PlainLive", {
  types: {} as { own: { visits: number } },
  mount({ session, socket }) {
    socket.assign({ visits: Number(session.visits ?? 0) });
  },
  render: ({ visits }) => html`<p>visits: ${visits}</p>`,
});
const createRouter = () => new LiveRouter().live("/", plainLive);

interface Handshake {
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: string;
}

const handshakeHeaders = {
  connection: "Upgrade",
  upgrade: "websocket",
  "sec-websocket-version": "13",
  "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
};

/** Attempts a handshake. @returns the status and body of the HTTP answer; 101 if it was accepted */
async function tryHandshake(
  { port }: LiveServer,
  { path = "/live/websocket?vsn=2.0.0", method = "GET", headers = {}, body }: Handshake = {},
): Promise<{ status: number; text: string; headers: Readonly<Record<string, unknown>> }> {
  const all = Object.fromEntries(
    Object.entries({ ...handshakeHeaders, ...headers }).filter(([, value]) => value !== undefined),
  ) as Record<string, string>;
  const sent = request({ host: "127.0.0.1", port, path, method, headers: all, agent: false });
  const answer = new Promise<{ status: number; text: string; headers: Record<string, unknown> }>(
    (resolve, reject) => {
      sent.on("error", reject);
      sent.on("upgrade", (res, stream) => {
        stream.destroy();
        resolve({ status: res.statusCode ?? 0, text: "", headers: res.headers });
      });
      sent.on("response", async (res) => {
        const text = (await res.toArray()).join("");
        resolve({ status: res.statusCode ?? 0, text, headers: res.headers });
      });
    },
  );
  sent.end(body);
  return answer;
}

/** The request line and headers of a request. */
function toHead(method: string, path: string, headers: Readonly<Record<string, string>>): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`${method} ${path} HTTP/1.1`, ...lines, "", ""].join("\r\n");
}

/** A raw connection that has sent the head of a handshake. */
function sendHead({ port }: LiveServer, path: string, more = ""): Socket {
  const stream = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  stream.on("error", () => {});
  stream.write(
    toHead("GET", path, { host: `127.0.0.1:${port}`, ...handshakeHeaders }) + more,
    "latin1",
  );
  return stream;
}

const openConnections = ({ server }: LiveServer): Promise<number> =>
  new Promise((resolve, reject) =>
    server.getConnections((e, count) => (e ? reject(e) : resolve(count))),
  );

describe("an upgrade", () => {
  it("passes the app's middleware, so that the session is available and the access log contains it", async (t) => {
    const log: string[] = [];
    const server = await startServer(t, createRouter(), {
      first: [
        (ctx, next) => {
          ctx.res.once("finish", () => log.push(`${ctx.method} ${ctx.path} ${ctx.status}`));
          return next();
        },
      ],
      before: [
        (ctx, next) => {
          if (ctx.path === "/" && ctx.session) ctx.session.visits = 7;
          return next();
        },
      ],
    });
    const visitor = new Visitor(server);
    const page = await visitor.load("/");
    const connection = await visitor.connect();
    assert.match(joinedText((await connection.join(page)).response), /visits: 7/);
    assert.deepEqual(log, ["GET / 200", "GET /live/websocket 101"]);
  });

  it("receives the answer of an earlier middleware on its connection", async (t) => {
    let requests = 0;
    const server = await startServer(t, createRouter(), {
      first: [
        (ctx, next) => {
          if (++requests <= 1) return next();
          ctx.set("Retry-After", "60");
          ctx.throw(429, "too many requests");
        },
      ],
    });
    assert.equal((await tryHandshake(server)).status, 101);
    const limited = await tryHandshake(server);
    assert.deepEqual([limited.status, limited.text], [429, "too many requests"]);
    assert.equal(limited.headers.connection, "close");
  });

  it("of another path is answered by the app and does not hang", async (t) => {
    const server = await startServer(t, createRouter());
    assert.equal((await tryHandshake(server, { path: "/nowhere" })).status, 404);
    assert.equal((await tryHandshake(server, { path: "/live/websocket/more" })).status, 404);
    const page = await tryHandshake(server, { path: "/" });
    assert.equal(page.status, 200);
    assert.match(page.text, /<live-session /);
  });

  it("of another path receives a long streamed answer completely", async (t) => {
    const size = 8 * 1024 * 1024;
    const server = await startServer(t, createRouter(), {
      first: [
        (ctx, next) => {
          if (ctx.path !== "/long") return next();
          ctx.body = Readable.from(
            Array.from({ length: 128 }, () => Buffer.alloc(size / 128, "x")),
          );
        },
      ],
    });
    const { status, text } = await tryHandshake(server, { path: "/long" });
    assert.deepEqual([status, text.length], [200, size]);
  });

  it("of a request with a body, which would be lost, is answered with 501 before the app runs", async (t) => {
    const requests: string[] = [];
    const server = await startServer(t, createRouter(), {
      first: [
        (ctx) => {
          requests.push(ctx.path);
          ctx.body = "done";
        },
      ],
    });
    for (const upgrade of ["h2c", "websocket"]) {
      const headers = { upgrade, "content-length": "5" };
      const path = "/change";
      const refused = await tryHandshake(server, { path, method: "POST", headers, body: "a=b&c" });
      assert.deepEqual([refused.status, refused.headers.connection], [501, "close"]);
      const chunked = { upgrade, "transfer-encoding": "chunked" };
      const again = await tryHandshake(server, {
        path,
        method: "POST",
        headers: chunked,
        body: "a=b&c",
      });
      assert.equal(again.status, 501);
    }
    assert.deepEqual(requests, []);
    const headers = { upgrade: "h2c", "content-length": "0" };
    assert.equal(
      (await tryHandshake(server, { path: "/empty", method: "POST", headers })).status,
      200,
    );
    assert.equal(
      (await tryHandshake(server, { path: "/page", headers: { upgrade: "h2c" } })).status,
      200,
    );
    assert.deepEqual(requests, ["/empty", "/page"]);
  });

  it("that is refused leaves no open connection, even if the other side never closes it", async (t) => {
    const server = await startServer(t, createRouter());
    const streams = ["/nowhere", "/live/websocket?vsn=1.0.0", "/"].map((path) =>
      sendHead(server, path),
    );
    for (const stream of streams) stream.resume();
    await Promise.all(streams.map((stream) => once(stream, "end")));
    let open = -1;
    await until(() => {
      void openConnections(server).then((count) => {
        open = count;
      });
      return open === 0;
    }, "the end of every connection");
    for (const stream of streams) stream.destroy();
  });

  it("requires GET, a WebSocket handshake and an Upgrade header", async (t) => {
    const server = await startServer(t, createRouter());
    assert.equal((await tryHandshake(server, { method: "POST" })).status, 400);
    assert.equal((await tryHandshake(server, { method: "HEAD" })).status, 400);
    const plain = await new Visitor(server).fetch("/live/websocket?vsn=2.0.0");
    assert.deepEqual([plain.status, plain.text], [400, "a WebSocket upgrade is expected here"]);
    for (const headers of [
      { upgrade: "h2c" },
      { "sec-websocket-key": undefined },
      { "sec-websocket-key": "short" },
      { "sec-websocket-version": "7" },
    ]) {
      assert.equal((await tryHandshake(server, { headers })).status, 400, JSON.stringify(headers));
    }
    assert.deepEqual(
      server.errors.filter((error) => !("expose" in error)),
      [],
    );
  });

  it("requires version 2 of the protocol", async (t) => {
    const server = await startServer(t, createRouter());
    for (const query of [
      "",
      "?vsn=",
      "?vsn=1.0.0",
      "?vsn=3.0.0",
      "?vsn=20",
      "?vsn=1.0.0&vsn=2.0.0",
    ]) {
      const { status, text } = await tryHandshake(server, { path: `/live/websocket${query}` });
      assert.deepEqual([status, text], [403, "the protocol version is not supported"], query);
    }
  });

  it("is passed on by two Live objects of one server, and accepted once", async (t) => {
    const server = await startServer(t, createRouter());
    server.live.attach(server.server);
    const connection = await new Visitor(server).connect();
    await connection.settled();
    assert.equal(server.live.connections, 1);
  });

  it("of another path is left to other listeners of the server", async (t) => {
    const second = createLive(createRouter(), { secret, path: "/second" });
    const server = await startServer(t, createRouter(), { before: [second.middleware()] });
    second.attach(server.server);
    t.after(() => second.close());
    const paths: (string | undefined)[] = [];
    const others = new WebSocketServer({ noServer: true });
    server.server.on("upgrade", (req, stream, head) => {
      paths.push(req.url);
      if (req.url === "/chat?room=1")
        others.handleUpgrade(req, stream, head, (socket) => socket.send("hi"));
    });
    const chat = new WebSocket(`ws://127.0.0.1:${server.port}/chat?room=1`);
    assert.equal(String((await once(chat, "message"))[0]), "hi");
    chat.close();
    for (const path of ["/live/websocket?vsn=2.0.0", "/second/websocket?vsn=2.0.0"]) {
      assert.equal((await tryHandshake(server, { path })).status, 101, path);
    }
    assert.equal(paths.length, 3);
  });

  it("may contain frames in the same packet", async (t) => {
    const server = await startServer(t, createRouter());
    const masked = (text: string) =>
      Buffer.concat([
        Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]),
        Buffer.from(text),
      ]).toString("latin1");
    const heartbeat = masked('[null,"1","phoenix","heartbeat",{}]');
    const stream = sendHead(server, "/live/websocket?vsn=2.0.0", heartbeat);
    let received = "";
    stream.on("data", (data) => {
      received += data.toString("latin1");
    });
    await until(() => received.includes('"phx_reply"'), "the answer");
    stream.destroy();
  });

  for (const [what, path] of [
    ["a page", () => "/"],
    ["a poll that waits", (poll: string) => poll],
  ] as const) {
    it(`directly after the request of ${what} ends only that connection`, async (t) => {
      const server = await startServer(t, createRouter());
      const visitor = new Visitor(server);
      const { token } = JSON.parse((await visitor.fetch("/live/longpoll?vsn=2.0.0")).text);
      const poll = `/live/longpoll?${new URLSearchParams({ vsn: "2.0.0", token })}`;
      const stream = connect({ port: server.port, host: "127.0.0.1" });
      stream.on("error", () => {});
      const own = { host: `127.0.0.1:${server.port}`, cookie: visitor.cookie };
      const first = toHead("GET", path(poll), own);
      stream.write(
        first + toHead("GET", "/live/websocket?vsn=2.0.0", { ...own, ...handshakeHeaders }),
      );
      stream.resume();
      await until(() => stream.closed, "the end of the connection");
      const page = await visitor.load("/");
      const connection = await visitor.connect();
      assert.equal((await connection.join(page)).status, "ok");
      assert.deepEqual(server.errors, []);
    });
  }

  it("whose connection is reset before the answer does not end the process", async (t) => {
    let waiting = 0;
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const server = await startServer(t, createRouter(), {
      first: [
        async (ctx, next) => {
          if (!ctx.path.startsWith("/live") && ctx.path !== "/nowhere") return next();
          waiting++;
          await released;
          await next();
        },
      ],
    });
    const paths = ["/live/websocket?vsn=2.0.0", "/live/websocket", "/nowhere"];
    const streams = paths.map((path) => sendHead(server, path));
    await until(() => waiting === paths.length, "the requests");
    for (const stream of streams) stream.resetAndDestroy();
    for (let i = 0; i < 20; i++) {
      const hasty = sendHead(server, "/live/websocket?vsn=2.0.0");
      hasty.once("connect", () => hasty.resetAndDestroy());
    }
    release();
    const visitor = new Visitor(server);
    await visitor.load("/");
    await (await visitor.connect()).settled();
    await until(() => server.live.connections === 1, "the end of the others");
  });
});

describe("the origin of an upgrade", () => {
  const statusFor = async (
    server: LiveServer,
    origin: string | undefined,
    host?: string,
  ): Promise<number> =>
    (await tryHandshake(server, { headers: { origin, ...(host && { host }) } })).status;

  it("must be the request's own host by default", async (t) => {
    const server = await startServer(t, createRouter());
    assert.equal(await statusFor(server, server.origin), 101);
    assert.equal(await statusFor(server, "https://site.example:8443", "site.example:8443"), 101);
    for (const origin of [
      "http://127.0.0.1",
      `http://localhost:${server.port}`,
      `http://127.0.0.1:${server.port}.evil.example`,
      "null",
      "file://",
      "not a url",
      "https://",
    ]) {
      assert.equal(await statusFor(server, origin), 403, origin);
    }
  });

  it("may be missing, because only a page in a browser always sends it", async (t) => {
    assert.equal(await statusFor(await startServer(t, createRouter()), undefined), 101);
  });

  it("is checked before the handshake, and before the protocol version", async (t) => {
    const server = await startServer(t, createRouter());
    const path = "/live/websocket?vsn=1.0.0";
    const { status, text } = await tryHandshake(server, {
      path,
      headers: { origin: "http://evil.example" },
    });
    assert.deepEqual([status, text], [403, "the origin is not allowed"]);
  });

  it("may be any, one of a list, or accepted by a function", async (t) => {
    const any = await startServer(t, createRouter(), { origins: "any" });
    assert.equal(await statusFor(any, "http://evil.example"), 101);
    const list = await startServer(t, createRouter(), {
      origins: ["https://a.example", "//*.b.example:8080"],
    });
    assert.equal(await statusFor(list, "https://a.example"), 101);
    assert.equal(await statusFor(list, "http://x.b.example:8080"), 101);
    assert.equal(await statusFor(list, "http://a.example"), 403);
    assert.equal(await statusFor(list, list.origin), 403);
    const asked: string[] = [];
    const own = await startServer(t, createRouter(), {
      origins: ({ hostname }, host) => asked.push(host) > 0 && hostname === "partner.example",
    });
    assert.equal(await statusFor(own, "http://partner.example:99"), 101);
    assert.equal(await statusFor(own, own.origin), 403);
    assert.deepEqual(asked, [`127.0.0.1:${own.port}`, `127.0.0.1:${own.port}`]);
  });
});

describe("the end of the server", () => {
  it("closes sockets with 1012 and refuses new ones with 503", async (t) => {
    const server = await startServer(t, createRouter());
    const visitor = new Visitor(server);
    const connections = await Promise.all([visitor.connect(), visitor.connect()]);
    await Promise.all(connections.map((connection) => connection.settled()));
    const closing = server.live.close();
    const refused = tryHandshake(server);
    for (const { closed } of connections) assert.equal((await closed).code, 1012);
    await closing;
    assert.equal((await refused).status, 503);
    assert.equal(server.live.connections, 0);
    assert.equal((await visitor.fetch("/")).status, 200);
  });

  it("closes many sockets in groups", async (t) => {
    const server = await startServer(t, createRouter());
    const visitor = new Visitor(server);
    const connections = await Promise.all(Array.from({ length: 201 }, () => visitor.connect()));
    let closed = 0;
    for (const connection of connections) void connection.closed.then(() => closed++);
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const closing = server.live.close();
    await until(() => closed === 200 && server.live.connections === 1, "the first 200");
    t.mock.timers.tick(50);
    await closing;
    t.mock.timers.reset();
    await until(() => closed === 201, "the last");
  });

  it("does not wait forever for a browser that does not answer the close frame", async (t) => {
    const server = await startServer(t, createRouter());
    const stream = sendHead(server, "/live/websocket?vsn=2.0.0");
    await until(() => server.live.connections === 1, "the connection");
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const closing = server.live.close();
    await new Promise((resolve) => setImmediate(resolve));
    t.mock.timers.tick(2000);
    await closing;
    assert.equal(server.live.connections, 0);
    t.mock.timers.reset();
    stream.destroy();
  });
});

describe("a socket", () => {
  it("that is reset does not report an error of the request that opened it", async (t) => {
    const server = await startServer(t, createRouter());
    const stream = sendHead(server, "/live/websocket?vsn=2.0.0");
    await until(() => server.live.connections === 1, "the connection");
    stream.resetAndDestroy();
    await until(() => server.live.connections === 0, "its end");
    assert.deepEqual(server.errors, []);
  });

  it("does not compress messages, because that would need memory for each connection", async (t) => {
    const server = await startServer(t, createRouter());
    const webSocket = new WebSocket(new Visitor(server).socketUrl(), { perMessageDeflate: true });
    await once(webSocket, "open");
    assert.equal(webSocket.extensions, "");
    webSocket.send('[null,"1","phoenix","heartbeat",{}]');
    const [data] = (await once(webSocket, "message")) as [RawData];
    assert.deepEqual(JSON.parse(String(data)), [
      null,
      "1",
      "phoenix",
      "phx_reply",
      { status: "ok", response: {} },
    ]);
    webSocket.close();
  });
});
