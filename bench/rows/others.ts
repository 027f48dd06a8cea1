import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { get, inParallel } from "../load/client.js";
import { echoes, eventFrame, repeated, ticking, visits } from "../load/load.js";
import { RawSocket } from "../load/raw-socket.js";
import { compare, measurePair } from "../load/rounds.js";
import {
  atLeast,
  atMost,
  audience,
  describeIdle,
  type Figure,
  measureIdle,
  measureVisits,
  withServers,
} from "./figures.js";

/** The folder with the packages that are installed only for this comparison. */
const folder = path.join(import.meta.dirname, "../others");

/** Measures other libraries in the same way: socket.io, which renders nothing, and LiveViewJS. */
export async function otherFigures(): Promise<Figure[]> {
  return [...(await socketIoFigures()), ...(await liveViewJsFigures())];
}

/** Connects to socket.io, as its client does without long polling. */
async function openSocketIo(port: number): Promise<RawSocket> {
  const socket = await RawSocket.open(port, "/socket.io/?EIO=4&transport=websocket");
  const connected = new Promise<void>((resolve) => {
    socket.onFrame = (payload) => {
      if (payload.toString().startsWith("40")) resolve();
    };
  });
  socket.send(RawSocket.frame("40")); // connects the main namespace
  await connected;
  return socket;
}

const socketIoFigures = (): Promise<Figure[]> =>
  withServers(["socket.io", "echo"], async (io, echo) => {
    const frame = RawSocket.frame('42["inc"]');
    const open = () => openSocketIo(io.port);
    const events = await measureVisits({
      ours: await visits(io, 100, async () => ({ socket: await open(), frame })),
      bare: await echoes(echo, 100),
    });
    const event = compare(events.ours, events.bare);
    const sockets = await inParallel(audience, 20, open);
    const bare = await inParallel(audience, 20, () => RawSocket.open(echo.port, "/"));
    const broadcast = await measurePair(ticking(io, sockets), ticking(echo, bare));
    for (const socket of sockets) socket.terminate();
    const idle = await measureIdle(io, open);
    return [
      atLeast("socket.io, which renders nothing: event, 100 connections", event, undefined),
      atMost("… broadcast to 2,000", broadcast, undefined),
      idleFigure("… memory of an idle connection, with 5,000 (RSS)", idle),
    ];
  });

/** Loads a page of LiveViewJS, and joins its view as LiveView's client does. */
async function visitLiveViewJs(port: number, page: string) {
  const { html, cookie } = await get(port, page);
  const attribute = (name: string) => new RegExp(` ${name}="([^"]*)"`).exec(html)?.[1] ?? "";
  const token = attribute("content");
  const socket = await RawSocket.open(
    port,
    `/live/websocket?vsn=2.0.0&_csrf_token=${token}`,
    cookie,
  );
  const topic = `lv:${attribute("id")}`;
  const payload = {
    url: `http://127.0.0.1:${port}${page}`,
    params: { _csrf_token: token, _mounts: 0 },
    session: attribute("data-phx-session"),
    static: "",
  };
  const answer = socket.next();
  socket.send(RawSocket.frame(JSON.stringify(["1", "1", topic, "phx_join", payload])));
  const reply = await answer;
  if (!reply.includes('"status":"ok"')) throw new Error(`LiveViewJS refused the join: ${reply}`);
  return { socket, topic };
}

/** Installs LiveViewJS unless it is there. */
function installLiveViewJs(): void {
  if (existsSync(path.join(folder, "node_modules/liveviewjs"))) return;
  const { status } = spawnSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
    cwd: folder,
    stdio: ["ignore", "ignore", "inherit"],
    shell: process.platform === "win32",
  });
  if (status !== 0) throw new Error("LiveViewJS could not be installed in bench/others");
}

async function liveViewJsFigures(): Promise<Figure[]> {
  installLiveViewJs();
  return withServers(["liveviewjs", "echo", "koa"], async (live, echo, koa) => {
    const { html, cookie } = await get(live.port, "/counter");
    koa.serve(html);
    const open = async () => (await visitLiveViewJs(live.port, "/counter")).socket;
    const events = await measureVisits({
      ours: await visits(live, 100, async () => {
        const { socket, topic } = await visitLiveViewJs(live.port, "/counter");
        return { socket, frame: eventFrame(topic, "inc") };
      }),
      bare: await echoes(echo, 100),
    });
    const event = compare(events.ours, events.bare);
    const page = await measurePair(
      repeated(live, 200, () => get(live.port, "/counter", cookie)),
      repeated(koa, 200, () => get(koa.port, "/counter", cookie)),
    );
    const join = await measurePair(
      repeated(live, 100, async () => (await open()).terminate()),
      repeated(echo, 100, async () => (await RawSocket.open(echo.port, "/")).terminate()),
    );
    return [
      atLeast("LiveViewJS 0.8.1: event of the counter, 100 connections", event, undefined),
      atLeast("… GET of the counter page, to bare Koa", page, undefined),
      atLeast("… GET, socket and join", join, undefined),
      idleFigure("… memory of an idle connection, with 5,000 (RSS)", await measureIdle(live, open)),
    ];
  });
}

const idleFigure = (name: string, idle: Parameters<typeof describeIdle>[0]): Figure => ({
  name,
  value: idle.collected,
  measured: describeIdle(idle),
  target: "",
  liveView: "",
});
