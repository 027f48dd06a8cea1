import { Socket, type SocketConnectOption } from "phoenix";
import { reloadDelayMs, reloadPage } from "../navigation/page-load.js";
import type { LiveDebug } from "./reconnect.js";

/** A message as the phoenix client has it. */
interface Frame {
  readonly join_ref?: string;
  readonly ref?: string;
  readonly topic: string;
  readonly event: string;
  readonly payload: unknown;
}

const heartbeatIntervalMs = 25_000;

/**
 * How long to wait before connecting again. Quick at first, then up to 10 s, at random so that the pages
 * of a restarted server do not all come back at once.
 */
const reconnectAfterMs = (tries: number): number =>
  Math.max(100, Math.random() * Math.min(10_000, 250 * 2 ** (tries - 1)));

/** How long to wait before a view is tried again: about 1, 2, 5, then 10 s. */
export const rejoinAfterMs = (tries: number): number =>
  ([1000, 2000, 5000][tries - 1] ?? 10_000) * (0.75 + Math.random() / 2);

// Phoenix's own also write and read binary frames, which no live session sends.
const text: Pick<SocketConnectOption, "encode" | "decode"> = {
  encode(message, send) {
    const { join_ref, ref, topic, event, payload } = message as Frame;
    send(JSON.stringify([join_ref, ref, topic, event, payload]));
  },
  decode(frame, receive) {
    const [join_ref, ref, topic, event, payload] = JSON.parse(frame);
    receive({ join_ref, ref, topic, event, payload });
  },
};

const sockets = new Map<string, LiveSocket>();

/** For the browser's console; empty until the part of the client that looks after connections is loaded. */
export const debugTools = {} as LiveDebug;

/**
 * The connection to one server, shared by every `<live-session>` of the page that talks to it.
 *
 * It connects with the `WebSocket` that stands on `globalThis` when the first of them needs it; tests put
 * theirs there.
 */
export class LiveSocket {
  readonly socket: Socket;
  #csrfToken = "";
  #users = 0;

  /**
   * Opens the connection, or joins those who use it. Each `open` wants its {@link close}.
   *
   * @param url where the server's sockets are, as `http:` or `ws:`.
   * @param csrfToken for the handshake; counts from the next connection on.
   */
  static open(url: URL, csrfToken: string): LiveSocket {
    const key = url.href.replace(/^http/, "ws");
    const liveSocket = sockets.get(key) ?? new LiveSocket(key);
    sockets.set(key, liveSocket);
    if (csrfToken) liveSocket.#csrfToken = csrfToken;
    liveSocket.#users++;
    liveSocket.socket.connect();
    return liveSocket;
  }

  private constructor(url: string) {
    this.socket = new Socket(url, {
      params: () => ({ _csrf_token: this.#csrfToken }),
      heartbeatIntervalMs,
      reconnectAfterMs,
      rejoinAfterMs,
      ...text,
    });
    // No page works less for want of it until something goes wrong.
    import("./reconnect.js").then(
      ({ watch, debug }) => {
        Object.assign(debugTools, debug);
        watch(this.socket, { reloadPage, reloadDelayMs });
      },
      () => {},
    );
  }

  /** Closes the connection when the last one who uses it is gone. */
  close(): void {
    if (--this.#users === 0) this.socket.disconnect();
  }
}
