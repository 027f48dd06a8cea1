import { inParallel, visit } from "./client.js";
import type { MeasuredServer } from "./measured-server.js";
import type { Subject } from "./pair.js";
import { RawSocket } from "./raw-socket.js";

/** How long one sample of a closed loop takes, in milliseconds. */
const sampleMs = 400;

/** A socket and the frame that is sent on it. */
interface Loop {
  readonly socket: RawSocket;
  readonly frame: Buffer;
}

/** Sends a frame on each socket, and again after each answer, until the time is over. Resolves with the number of answers. */
function closedLoop(loops: readonly Loop[], ms: number): Promise<number> {
  return new Promise((resolve) => {
    let operations = 0;
    let waiting = loops.length;
    const end = performance.now() + ms;
    for (const { socket, frame } of loops) {
      socket.onFrame = () => {
        operations++;
        if (performance.now() < end) socket.send(frame);
        else if (--waiting === 0) resolve(operations);
      };
      socket.send(frame);
    }
  });
}

const toSubject = (server: MeasuredServer, loops: readonly Loop[]): Subject => ({
  server,
  run: () => closedLoop(loops, sampleMs),
});

const eventFrame = (topic: string, event: string): Buffer =>
  RawSocket.frame(JSON.stringify(["1", "2", topic, "event", { type: "click", event, value: {} }]));

/** Sends frames like our events to the bare echo. */
export async function echoes(server: MeasuredServer, connections: number): Promise<Subject> {
  const frame = eventFrame("lv:live-AAAAAAAA", "inc");
  const open = async () => ({ socket: await RawSocket.open(server.port, "/"), frame });
  return toSubject(server, await inParallel(connections, 20, open));
}

/** Sends one event to each of several visits of a page, again and again. */
export async function events(
  server: MeasuredServer,
  path: string,
  event: string,
  connections: number,
): Promise<Subject> {
  const loops = await inParallel(connections, 20, async () => {
    const { socket, topic } = await visit(server.port, path);
    return { socket, frame: eventFrame(topic, event) };
  });
  return toSubject(server, loops);
}

/** Runs operations on a server, 20 at a time. */
export const repeated = (
  server: MeasuredServer,
  count: number,
  job: () => Promise<unknown>,
): Subject => ({ server, run: () => inParallel(count, 20, job).then(() => count) });
