import { getJoinInfo, inParallel, type JoinInfo, openSocket } from "../load/client.js";
import { RawSocket } from "../load/raw-socket.js";
import { MeasuredServer } from "../servers/measured-server.js";
import type { Figure } from "./figures.js";

const count = 1000;
const atOnce = 20;

type Frame = readonly [unknown, string | null, string, string, Record<string, never>];

/** A connection that can be continued. */
interface Resumable {
  readonly socket: RawSocket;
  readonly secret: string;
}

/** Sends a frame and resolves with the frames that arrive, up to the reply. */
function ask(socket: RawSocket, message: readonly unknown[]): Promise<readonly Frame[]> {
  const frames: Frame[] = [];
  return new Promise((resolve) => {
    socket.onFrame = (payload) => {
      const frame = JSON.parse(payload.toString()) as Frame;
      frames.push(frame);
      if (frame[1] === message[1]) resolve(frames);
    };
    socket.send(RawSocket.frame(JSON.stringify(message)));
  });
}

async function join(port: number, info: JoinInfo): Promise<Resumable> {
  const socket = await openSocket(port, info);
  const url = `http://127.0.0.1:${port}/counter`;
  const payload = { token: info.token, url, params: {}, resume: true };
  const [resume] = await ask(socket, ["1", "1", `lv:${info.id}`, "phx_join", payload]);
  return { socket, secret: String(resume?.[4].secret) };
}

async function click(socket: RawSocket, { id }: JoinInfo, ref: string): Promise<string> {
  const payload = { type: "click", event: "inc", value: {} };
  return JSON.stringify(await ask(socket, ["1", ref, `lv:${id}`, "event", payload]));
}

/**
 * Measures what it costs to continue connections and what they take while they wait. Checks that their views are the
 * same.
 */
export async function resumeFigures(): Promise<Figure[]> {
  const live = await MeasuredServer.start("live");
  const { port } = live;
  const info = await getJoinInfo(port, "/counter");
  for (const { socket } of await inParallel(200, atOnce, () => join(port, info)))
    socket.terminate();
  const start = await live.measure({ gc: true });
  const opened = await inParallel(count, atOnce, () => join(port, info));
  const joined = await live.measure();
  await inParallel(count, atOnce, (i) => click((opened[i] as Resumable).socket, info, "2"));
  for (const { socket } of opened) socket.terminate();
  const lost = await live.measure({ gc: true });
  let slowest = 0;
  const sockets = await inParallel(count, atOnce, async (i) => {
    const socket = await openSocket(port, info);
    const asked = performance.now();
    // The secret, the replies to the join and to the click
    const payload = { secret: opened[i]?.secret, received: 3 };
    await ask(socket, [null, "resume", "phoenix", "resume", payload]);
    slowest = Math.max(slowest, performance.now() - asked);
    return socket;
  });
  const resumed = await live.measure();
  const replies = await inParallel(count, atOnce, (i) => click(sockets[i] as RawSocket, info, "3"));
  for (const socket of sockets) socket.terminate();
  await live.stop();
  const same = replies.filter((reply) => /"diff":\{"[\d.]+":2\}/.test(reply)).length;
  const ratio = (resumed.cpu - lost.cpu) / (joined.cpu - start.cpu);
  const kilobytes = (lost.heap - start.heap) / count / 1024;
  return [
    {
      name: "1,000 lost sockets: continued views; CPU time of socket and join; slowest answer",
      value: ratio,
      measured: `${same}; ${ratio.toFixed(2)} ×; ${slowest.toFixed(1)} ms`,
      target: "1,000; ≤ 1 ×",
      liveView: "–",
      met: same === count && ratio <= 1,
    },
    {
      name: "memory of a connection that waits for its browser (objects and buffers, after gc)",
      value: kilobytes,
      measured: `${kilobytes.toFixed(1)} KB`,
      target: "≤ 16 KB",
      liveView: "–",
      met: kilobytes <= 16,
    },
  ];
}
