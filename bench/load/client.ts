import { Agent, request } from "node:http";
import { RawSocket } from "./raw-socket.js";

/** Everything that a page's socket needs for its join. */
export interface JoinInfo {
  readonly id: string;
  readonly token: string;
  readonly csrfToken: string;
  readonly cookie: string;
}

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/** Fetches a page over a persistent connection, or over one of its own. */
export function get(
  port: number,
  path: string,
  sent = "",
  isPersistent = true,
): Promise<{ html: string; cookie: string }> {
  return new Promise((resolve, reject) => {
    const headers = sent === "" ? {} : { Cookie: sent };
    request(
      { host: "127.0.0.1", port, path, agent: isPersistent && agent, headers },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => {
          const cookie = (response.headers["set-cookie"] ?? [])
            .map((text) => text.split(";")[0])
            .join("; ");
          resolve({ html: Buffer.concat(chunks).toString(), cookie });
        });
      },
    )
      .on("error", reject)
      .end();
  });
}

/**
 * Fetches the join info of a live page, as a new visitor or with the cookie of an earlier visit.
 *
 * @param isPersistent whether requests share connections; each connection of its own may reach another process
 */
export async function getJoinInfo(
  port: number,
  path: string,
  sent = "",
  isPersistent = true,
): Promise<JoinInfo> {
  const { html, cookie } = await get(port, path, sent, isPersistent);
  const attribute = (name: string) =>
    new RegExp(`<live-session[^>]* ${name}="([^"]*)"`).exec(html)?.[1] ?? "";
  return {
    id: attribute("id"),
    token: attribute("token"),
    csrfToken: attribute("csrf-token"),
    cookie: cookie || sent,
  };
}

/** Opens the socket of a live page. */
export const openSocket = (port: number, { csrfToken, cookie }: JoinInfo): Promise<RawSocket> =>
  RawSocket.open(port, `/live/websocket?vsn=2.0.0&_csrf_token=${csrfToken}`, cookie);

/** Opens a socket, sends the join of a live page's view, and receives the answer. */
async function exchangeJoin(
  port: number,
  path: string,
  info: JoinInfo,
): Promise<{ socket: RawSocket; topic: string; reply: string }> {
  const socket = await openSocket(port, info);
  const topic = `lv:${info.id}`;
  const payload = { token: info.token, url: `http://127.0.0.1:${port}${path}`, params: {} };
  const answer = socket.next();
  socket.send(RawSocket.frame(JSON.stringify(["1", "1", topic, "phx_join", payload])));
  return { socket, topic, reply: await answer };
}

/** Opens a socket and joins the view of a live page. */
export async function join(port: number, path: string, info: JoinInfo) {
  const joined = await exchangeJoin(port, path, info);
  if (!joined.reply.includes('"status":"ok"'))
    throw new Error(`the join was refused: ${joined.reply.slice(0, 200)}`);
  return joined;
}

/** Loads a live page, opens a socket and joins its view. */
export async function visit(port: number, path: string, cookie = "") {
  return join(port, path, await getJoinInfo(port, path, cookie));
}

/** Does what a visit does on a bare server, which sends the same page and answers the join with an echo. */
export const visitBare = async (port: number, path: string, cookie: string) =>
  exchangeJoin(port, path, await getJoinInfo(port, path, cookie));

/** Runs a job `count` times, at most `atOnce` at the same time. Resolves with the results in order. */
export async function inParallel<T>(
  count: number,
  atOnce: number,
  job: (i: number) => Promise<T>,
): Promise<T[]> {
  const results: T[] = new Array(count);
  let next = 0;
  const worker = async () => {
    while (next < count) {
      const i = next++;
      results[i] = await job(i);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, count) }, worker));
  return results;
}
