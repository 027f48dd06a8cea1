import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout } from "node:timers/promises";
import type { WebSocket } from "ws";
import { getJoinInfo, type JoinInfo } from "../load/client.js";
import { joinPayload, openSocket } from "./visitor.js";

/** The data of a visitor that an attack uses: the server, and the visitor's cookie and tokens. */
export interface Attacker {
  readonly port: number;
  readonly page: JoinInfo;
  readonly list: JoinInfo;
  /** Records a response that a client must not get. */
  fail(what: string): void;
}

/** Sends something that a browser does not send. Runs again and again. */
export type Attack = (attacker: Attacker) => Promise<void>;

/** Loads the pages with which a visitor attacks. */
export async function createAttacker(
  port: number,
  fail: (what: string) => void,
): Promise<Attacker> {
  const page = await getJoinInfo(port, "/");
  return { port, page, list: await getJoinInfo(port, "/list", page.cookie), fail };
}

let ref = 0;
const frame = (joinRef: string, topic: string, event: string, payload: unknown): string =>
  JSON.stringify([joinRef, String(++ref), topic, event, payload]);

/** Opens a connection, joins the page, runs a function, and closes the connection after it. */
async function onConnection(
  { port, page }: Attacker,
  act: (socket: WebSocket, topic: string) => Promise<unknown> | unknown,
): Promise<void> {
  const socket = openSocket(port, page);
  await Promise.race([once(socket, "open"), once(socket, "close")]);
  const topic = `lv:${page.id}`;
  socket.send(frame("1", topic, "phx_join", joinPayload(port, "/", page)));
  await act(socket, topic);
  await untilClosed(socket, 200);
  socket.terminate();
}

async function untilClosed(socket: WebSocket, ms: number): Promise<void> {
  if (socket.readyState === socket.CLOSED) return;
  const stop = new AbortController();
  const closed = once(socket, "close", { signal: stop.signal }).catch(() => {});
  await Promise.race([closed, setTimeout(ms)]);
  stop.abort();
}

/** Sends frames of one kind as fast as the server reads them. */
const floods =
  (count: number, payloadOf: (topic: string, i: number) => string | Buffer): Attack =>
  (attacker) =>
    onConnection(attacker, (socket, topic) => {
      for (let i = 0; i < count; i++) socket.send(payloadOf(topic, i));
    });

const event = (topic: string, type: string, name: string, value: unknown) =>
  frame("1", topic, "event", { type, event: name, value });

/** Sends a request that need not be valid, and checks the status of the response. */
async function sendRaw({ port, fail }: Attacker, text: string | Buffer): Promise<void> {
  const socket = connect({ host: "127.0.0.1", port });
  socket.on("error", () => {});
  socket.write(text);
  const [response] = await Promise.race([
    once(socket, "data"),
    once(socket, "close"),
    setTimeout(500, []),
  ]);
  const status = /^HTTP\/1\.1 (\d+)/.exec(String(response ?? ""))?.[1] ?? "";
  if (Number(status) >= 500) fail(`${text.toString().slice(0, 80)} got the response ${status}`);
  socket.destroy();
}

const request = (method: string, path: string, headers: readonly string[] = [], body = "") =>
  [
    `${method} ${path} HTTP/1.1`,
    "Host: 127.0.0.1",
    ...headers,
    `Content-Length: ${Buffer.byteLength(body)}`,
    "",
    body,
  ].join("\r\n");

const upgrade = [
  "Connection: Upgrade",
  "Upgrade: websocket",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: bGl2ZSBzZXNzaW9ucyBiZQ==",
];

const times = async (count: number, act: (i: number) => Promise<unknown>): Promise<void> => {
  await Promise.all(Array.from({ length: count }, (_, i) => act(i)));
};

/** Opens a connection over long polling and returns the URL of its requests. */
async function openLongPoll({ port, page }: Attacker): Promise<(body?: string) => Promise<number>> {
  const base = `http://127.0.0.1:${port}/live/longpoll?vsn=2.0.0&_csrf_token=${page.csrfToken}`;
  const headers = { cookie: page.cookie };
  const answer = (await (await fetch(base, { headers })).json()) as { token?: string };
  const url = `${base}&token=${encodeURIComponent(answer.token ?? "")}`;
  return async (body) => {
    const type = "application/x-ndjson";
    const response = await fetch(url, {
      headers: { ...headers, "content-type": type },
      signal: AbortSignal.timeout(500),
      ...(body !== undefined && { method: "POST", body }),
    }).catch(() => undefined);
    await response?.text().catch(() => {});
    return response?.status ?? 0;
  };
}

/** A masked frame of a WebSocket with the mask 0. */
function rawFrame(opcode: number, isLast: boolean, payload: string): Buffer {
  const head = Buffer.from([(isLast ? 0x80 : 0) | opcode, 0x80 | payload.length, 0, 0, 0, 0]);
  return Buffer.concat([head, Buffer.from(payload)]);
}

/** Opens a WebSocket on a raw connection. */
async function openRaw({ port, page }: Attacker): Promise<Socket> {
  const socket = connect({ host: "127.0.0.1", port });
  socket.on("error", () => {});
  const path = `/live/websocket?vsn=2.0.0&_csrf_token=${page.csrfToken}`;
  socket.write(request("GET", path, [...upgrade, `Cookie: ${page.cookie}`]));
  await Promise.race([once(socket, "data"), once(socket, "close")]);
  return socket;
}

const sparse = Array.from({ length: 900 }, (_, i) => `k${i}[999][999][999][999][999]=1`).join("&");
const manyNames = Array.from({ length: 5000 }, (_, i) => `f${i}=1`).join("&");
const nested = `a${"[b]".repeat(9000)}=1`;
const escaped = "%5B%30%5D".repeat(6000);

/** The attacks, by name. Each is what one visitor sends. */
const singleAttacks: Readonly<Record<string, Attack>> = {
  "events as fast as possible": floods(5000, (topic) => event(topic, "click", "inc", {})),
  "forms with sparse lists": floods(100, (topic) => event(topic, "form", "form", sparse)),
  "forms with 5,000 fields": floods(100, (topic) => event(topic, "form", "form", manyNames)),
  "forms with deep names": floods(100, (topic) => event(topic, "form", "form", nested)),
  "forms with escapes": floods(100, (topic) => event(topic, "form", "form", `${escaped}=1`)),
  "deep JSON": floods(200, () => `${"[".repeat(30_000)}${"]".repeat(30_000)}`),
  "suspicious keys": floods(
    200,
    (topic) =>
      `["1","9","${topic}","event",{"type":"click","event":"inc","value":{${Array.from({ length: 3000 }, (_, i) => `"__proto__":${i}`).join()}}}]`,
  ),
  "frames of 10 MB": floods(2, () => Buffer.alloc(10_000_000, "x")),
  "binary frames": floods(100, () => Buffer.alloc(1000)),
  patches: floods(1000, (topic) =>
    frame("1", topic, "live_patch", { url: `http://127.0.0.1/?q=${"%41".repeat(2000)}` }),
  ),
  tasks: floods(400, (topic) => event(topic, "click", "task", {})),
  broadcasts: floods(400, (topic) => event(topic, "click", "say", {})),
  "joins of one topic": (attacker) =>
    onConnection(attacker, (socket, topic) => {
      for (let i = 0; i < 300; i++)
        socket.send(frame("1", topic, "phx_join", joinPayload(attacker.port, "/", attacker.page)));
    }),
  "joins with wrong tokens": (attacker) =>
    onConnection(attacker, (socket) => {
      for (let i = 0; i < 300; i++)
        socket.send(frame("1", `lv:${i}`, "phx_join", { token: "x".repeat(5000), url: "/" }));
    }),
  "joins with unusual params": (attacker) =>
    onConnection(attacker, (socket, topic) => {
      const { port, page } = attacker;
      for (const value of [null, [], { toString: 1, valueOf: 1, toJSON: 1 }]) {
        for (const name of ["_mounts", "_attempts", "_navigations", "_csrf_token", "__proto__"]) {
          const params = { _csrf_token: page.csrfToken, [name]: value };
          const payload = { ...joinPayload(port, "/", page), params };
          socket.send(frame("1", topic, "phx_join", payload));
        }
      }
    }),
  "many connections": (attacker) =>
    times(30, () =>
      onConnection(attacker, (socket, topic) => socket.send(event(topic, "click", "inc", {}))),
    ),
  "events on many connections": (attacker) =>
    times(10, () =>
      onConnection(attacker, (socket, topic) => {
        for (let i = 0; i < 400; i++) socket.send(event(topic, "click", "inc", {}));
      }),
    ),
  "connections that are cut": (attacker) =>
    times(20, async () => {
      const socket = openSocket(attacker.port, attacker.page);
      await Promise.race([once(socket, "open"), once(socket, "close")]);
      const topic = `lv:${attacker.page.id}`;
      socket.send(frame("1", topic, "phx_join", joinPayload(attacker.port, "/", attacker.page)));
      socket.send(event(topic, "click", "task", {}));
      socket.terminate();
    }),
  "a slow reader": async (attacker) => {
    const { port, list } = attacker;
    const socket = openSocket(port, list);
    await Promise.race([once(socket, "open"), once(socket, "close")]);
    const topic = `lv:${list.id}`;
    socket.send(frame("1", topic, "phx_join", joinPayload(port, "/list", list)));
    await Promise.race([once(socket, "message"), once(socket, "close")]);
    socket.pause();
    for (let i = 0; i < 450; i++) socket.send(event(topic, "click", "all", {}));
    await setTimeout(300);
    socket.terminate();
  },
  "large updates": async (attacker) => {
    const { port, list } = attacker;
    const socket = openSocket(port, list);
    await Promise.race([once(socket, "open"), once(socket, "close")]);
    const topic = `lv:${list.id}`;
    socket.send(frame("1", topic, "phx_join", joinPayload(port, "/list", list)));
    for (let i = 0; i < 60; i++) {
      socket.send(event(topic, "click", "all", {}));
      await setTimeout(3);
    }
    socket.terminate();
  },
  "fragments of one byte": async (attacker) => {
    const socket = await openRaw(attacker);
    const fragment = rawFrame(0, false, "x");
    socket.write(rawFrame(1, false, "x"));
    for (let i = 0; i < 200; i++) socket.write(Buffer.concat(Array(100).fill(fragment)));
    await setTimeout(100);
    socket.destroy();
  },
  "pings and pongs": async (attacker) => {
    const socket = await openRaw(attacker);
    const pings = Buffer.concat(Array(500).fill(rawFrame(9, true, "ping")));
    for (let i = 0; i < 20; i++)
      socket.write(i % 2 ? pings : pings.map((b) => (b === 0x89 ? 0x8a : b)));
    await setTimeout(100);
    socket.destroy();
  },
  "broken frames": async (attacker) => {
    for (const bytes of [
      [0xff, 0xff, 1, 2],
      [0x81, 0x05, 1, 2, 3, 4, 5],
      [0x88, 0x81, 0, 0, 0, 0, 1],
    ]) {
      const socket = await openRaw(attacker);
      socket.write(Buffer.from(bytes));
      await setTimeout(10);
      socket.destroy();
    }
  },
  "malformed upgrades": (attacker) =>
    times(20, (i) =>
      sendRaw(
        attacker,
        request("GET", i % 2 ? "/live/websocket" : "/%00/../live/websocket?vsn=2.0.0&vsn=%", [
          ...upgrade.slice(i % 4),
          `Origin: ${i % 3 ? "null" : "http://[::1"}`,
        ]),
      ),
    ),
  "malformed requests": (attacker) =>
    times(20, (i) =>
      sendRaw(
        attacker,
        [
          request("GET", "/%"),
          request("GET", "//127.0.0.1//"),
          request("POST", "/", ["Content-Type: multipart/form-data"], "x"),
          request("PUT", "/live/websocket"),
          request("GET", `/?${"a[0]".repeat(3000)}`),
          request("GET", "/", [`Cookie: koa.sess=${"x".repeat(4000)}; koa.sess.sig=1`]),
          request("GET", "/", ["Host: evil.example", "Accept: \u0000"]),
          "GET / HTTP/9.9\r\n\r\n",
        ][i % 8] ?? "",
      ),
    ),
  "queries with sparse lists": (attacker) =>
    times(8, () => sendRaw(attacker, request("GET", `/?${sparse.slice(0, 12_000)}`))),
  "many pages": (attacker) => times(16, () => sendRaw(attacker, request("GET", "/list"))),
  "long polling: posts": async (attacker) => {
    const send = await openLongPoll(attacker);
    const topic = `lv:${attacker.page.id}`;
    await send(frame("1", topic, "phx_join", joinPayload(attacker.port, "/", attacker.page)));
    await send(Array.from({ length: 3000 }, () => event(topic, "click", "inc", {})).join("\n"));
  },
  "long polling: connections": (attacker) =>
    times(20, async () => {
      const send = await openLongPoll(attacker);
      const status = await send("x".repeat(300_000));
      if (status >= 500) attacker.fail(`a post over long polling got the response ${status}`);
    }),
};

/** The name of the attack that consists of all others at the same time. */
export const mixedAttack = "everything at once";

/** All attacks, by name. */
export const attacks: Readonly<Record<string, Attack>> = {
  ...singleAttacks,
  [mixedAttack]: async (attacker) => {
    await Promise.all(Object.values(singleAttacks).map((attack) => attack(attacker)));
  },
};
