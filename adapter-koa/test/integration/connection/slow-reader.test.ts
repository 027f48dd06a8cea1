import assert from "node:assert/strict";
import type { Socket } from "node:net";
import { describe, it } from "node:test";
import { LiveRouter, liveView } from "@live-session/adapter-koa";
import { html } from "lit";
import { type ServerSetup, startServer } from "../../support/server.js";
import { Visitor } from "../../support/visitor.js";
import { until } from "../../support/wait.js";

let renders = 0;

/** Shows a number, with enough text around it to fill every buffer quickly. */
const heavyLive = liveView("HeavyLive", {
  types: {} as { own: { n: number } },
  mount({ socket }) {
    socket.subscribe("numbers");
    socket.assign({ n: 0 });
  },
  handleEvent: { inc: ({ socket }) => socket.assign({ n: socket.assigns.n + 1 }) },
  handleInfo: ({ message, socket }) => socket.assign({ n: message as number }),
  render: ({ n }) => {
    renders++;
    return html`<p>${`${n}`.padEnd(100_000, ".")}</p>`;
  },
});

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A joined view whose browser has stopped reading, on a server whose buffers are full. */
async function startStalled(t: Parameters<typeof startServer>[0], setup: ServerSetup = {}) {
  const server = await startServer(t, new LiveRouter().live("/", heavyLive), setup);
  const streams: Socket[] = [];
  server.server.on("upgrade", (_request, stream: Socket) => streams.push(stream));
  const visitor = new Visitor(server);
  const { connection, page } = await visitor.visit("/");
  const [stream] = streams;
  assert.ok(stream);
  connection.webSocket.pause();
  let n = 0;
  await until(() => {
    server.live.broadcast("numbers", ++n);
    return stream.writableNeedDrain;
  }, "the filling of the buffers");
  return { server, visitor, connection, page, stream, last: n };
}

/** Returns the number that a diff shows. */
const numberIn = (payload: { diff: Record<string, string> }): number =>
  Number.parseInt(Object.values(payload.diff)[0] ?? "", 10);

describe("a browser that does not read", () => {
  it("causes no render and no growing memory, and receives one diff when it reads again", async (t) => {
    const { server, visitor, connection, stream, last } = await startStalled(t);
    await turn();
    const [waiting, before] = [stream.writableLength, renders];
    for (let n = last + 1; n <= last + 2000; n++) {
      server.live.broadcast("numbers", n);
      await turn();
    }
    assert.equal(renders, before);
    assert.ok(stream.writableLength <= waiting, `${stream.writableLength} bytes wait`);
    assert.ok(waiting < 1_000_000, `${waiting} bytes wait`);
    const lively = await visitor.visit("/");
    server.live.broadcast("numbers", last + 2001);
    await lively.connection.next((frame) => frame[3] === "diff");

    connection.webSocket.resume();
    await connection.next(
      ([, , , event, payload]) => event === "diff" && numberIn(payload) === last + 2001,
    );
    const numbers = connection.of("diff").map(([, , , , payload]) => numberIn(payload));
    assert.ok((numbers.at(-2) ?? 0) <= last, `${numbers.at(-2)} came before the last`);
    assert.equal(connection.webSocket.readyState, connection.webSocket.OPEN);
  });

  it("is not read from either, so that its requests cannot accumulate as replies", async (t) => {
    const limits = { eventsPerSecond: 1_000_000, mailbox: 1_000_000 };
    const { connection, page, stream } = await startStalled(t, { limits });
    const count = 30_000;
    const long = "x".repeat(1000);
    for (let i = 0; i < count; i++)
      connection.webSocket.send(`[null,"h${i}","${long}","unmatched",{}]`);
    connection.send(`lv:${page.id}`, "event", { type: "click", event: "inc", value: {} });
    const most = { waiting: 0 };
    for (let i = 0; i < 200; i++) {
      most.waiting = Math.max(most.waiting, stream.writableLength);
      await turn();
    }
    assert.ok(most.waiting < 1_000_000, `${most.waiting} bytes wait`);
    assert.ok(stream.isPaused());
    connection.webSocket.resume();
    await connection.next(([, ref]) => ref === `h${count - 1}`);
    const answered = connection.frames.filter(([, ref]) => ref?.startsWith("h")).length;
    assert.equal(answered, count, "nothing that was asked is lost");
  });

  it("is detected when it disconnects", async (t) => {
    const { server, connection } = await startStalled(t);
    connection.webSocket.terminate();
    await until(() => server.live.connections === 0, "the end of the connection");
    assert.deepEqual(server.errors, []);
  });

  it("may have many views, without a warning", async (t) => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error) => warnings.push(warning);
    process.on("warning", onWarning);
    t.after(() => process.off("warning", onWarning));
    const server = await startServer(t, new LiveRouter().live("/", heavyLive));
    const streams: Socket[] = [];
    server.server.on("upgrade", (_request, stream: Socket) => streams.push(stream));
    const visitor = new Visitor(server);
    const { connection } = await visitor.visit("/");
    for (let i = 0; i < 14; i++) await connection.join(await visitor.load("/"));
    connection.webSocket.pause();
    let n = 0;
    await until(() => {
      server.live.broadcast("numbers", ++n);
      return streams[0]?.writableNeedDrain ?? false;
    });
    for (let i = 0; i < 5; i++) {
      server.live.broadcast("numbers", ++n);
      await turn();
    }
    connection.webSocket.resume();
    await until(
      () =>
        connection.of("diff").filter(([, , , , payload]) => numberIn(payload) === n).length === 15,
      "the last number in every view",
    );
    assert.deepEqual(
      warnings.filter(({ name }) => name.startsWith("MaxListeners")),
      [],
    );
  });
});
