import type { MeasuredServer } from "../servers/measured-server.js";
import { inParallel, visit } from "./client.js";
import { RawSocket } from "./raw-socket.js";
import type { Subject } from "./rounds.js";

/** How long one sample of a closed loop takes, in milliseconds. */
const sampleMs = 120;

/** A socket and the frame that is sent on it. */
export interface Loop {
  readonly socket: RawSocket;
  readonly frame: Buffer;
}

/** Sends a frame on each socket, and again after each answer, while more are wanted. Resolves with the number of answers. */
export function closedLoop(
  loops: readonly Loop[],
  wantsMore: (answers: number) => boolean,
): Promise<number> {
  return new Promise((resolve) => {
    let answers = 0;
    let waiting = loops.length;
    for (const { socket, frame } of loops) {
      socket.onFrame = () => {
        answers++;
        if (wantsMore(answers)) socket.send(frame);
        else if (--waiting === 0) resolve(answers);
      };
      socket.send(frame);
    }
  });
}

/** Runs a closed loop for the time of one sample. */
function runSample(loops: readonly Loop[]): Promise<number> {
  const end = performance.now() + sampleMs;
  return closedLoop(loops, () => performance.now() < end);
}

/** Operations on open sockets. */
export interface Visits extends Subject {
  /** Runs about this number of operations. */
  repeat(operations: number): Promise<number>;
  /** Closes the sockets, so that their views do not make the server's next operations slower. */
  close(): void;
}

/** Opens sockets, on each of which one frame is sent repeatedly. */
export async function visits(
  server: MeasuredServer,
  count: number,
  open: () => Promise<Loop>,
): Promise<Visits> {
  const loops = await inParallel(count, 20, open);
  return {
    server,
    run: () => runSample(loops),
    repeat: (operations) => closedLoop(loops, (answers) => answers < operations),
    close() {
      for (const { socket } of loops) socket.terminate();
    },
  };
}

/** Encodes an event of a view. */
export const eventFrame = (topic: string, event: string): Buffer =>
  RawSocket.frame(JSON.stringify(["1", "2", topic, "event", { type: "click", event, value: {} }]));

/** Sends frames like our events to the bare echo. */
export const echoes = (server: MeasuredServer, connections: number): Promise<Visits> => {
  const frame = eventFrame("lv:live-AAAAAAAA", "inc");
  return visits(server, connections, async () => ({
    socket: await RawSocket.open(server.port, "/"),
    frame,
  }));
};

/** Sends one event to each of several visits of a page, again and again. */
export const events = (
  server: MeasuredServer,
  path: string,
  event: string,
  connections: number,
): Promise<Visits> =>
  visits(server, connections, async () => {
    const { socket, topic } = await visit(server.port, path);
    return { socket, frame: eventFrame(topic, event) };
  });

/** Runs operations on a server, 20 at a time. */
export const repeated = (
  server: MeasuredServer,
  count: number,
  job: () => Promise<unknown>,
): Subject => ({ server, run: () => inParallel(count, 20, job).then(() => count) });

/** How many ticks make a sample. */
const ticks = 3;

/** Makes a server send numbers to all of its sockets, each when all have received the previous one. */
export const ticking = (server: MeasuredServer, sockets: readonly RawSocket[]): Subject => ({
  server,
  run: async () => {
    for (let n = 0; n < ticks; n++) {
      await new Promise<void>((resolve) => {
        let waiting = sockets.length;
        for (const socket of sockets) socket.onFrame = () => --waiting === 0 && resolve();
        server.tick(Math.random());
      });
    }
    return ticks * sockets.length;
  },
});
