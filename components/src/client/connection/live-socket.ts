import { Socket, type SocketConnectOption } from "phoenix";
import { partMark } from "../../protocol/index.js";
import { LazyModule } from "../lazy-module.js";
import { Leaving } from "./leaving.js";
import { liveDebug } from "./live-debug.js";
import type { PageReload, Supervisor } from "./supervise-connection.js";

/** A message in the form that the phoenix client uses. */
interface Frame {
  readonly join_ref?: string;
  readonly ref?: string;
  readonly topic: string;
  readonly event: string;
  readonly payload: unknown;
}

const heartbeatIntervalMs = 25_000;

/**
 * Returns how long to wait before connecting again: short at first, later up to 10 s. The delay is random, so that the
 * pages of a restarted server do not all connect at once.
 */
const reconnectAfterMs = (tries: number): number =>
  Math.max(100, Math.random() * Math.min(10_000, 250 * 2 ** (tries - 1)));

/** Returns how long to wait before joining a view again: about 1, 2, 5, then 10 s. */
export const rejoinAfterMs = (tries: number): number =>
  ([1000, 2000, 5000][tries - 1] ?? 10_000) * (0.75 + Math.random() / 2);

// Phoenix's serializer also handles binary frames, which live sessions do not send.
const encode: SocketConnectOption["encode"] = (message, send) => {
  const { join_ref, ref, topic, event, payload } = message as Frame;
  send(JSON.stringify([join_ref, ref, topic, event, payload]));
};

const sockets = new Map<string, LiveSocket>();

/** The debugging tools of all connections. */
export const debugTools = liveDebug(() => Array.from(sockets.values(), ({ socket }) => socket));

/**
 * The connection to one server, which all `<live-session>` elements of that server share.
 *
 * It uses the value of `globalThis.WebSocket` at the time of the first {@link LiveSocket.open}; tests replace that.
 */
export class LiveSocket {
  readonly socket: Socket;
  readonly leaving = new Leaving();
  /** Resolves when the module has been loaded. */
  readonly supervisor: Promise<Supervisor>;
  #csrfToken = "";
  /** The parts of a large frame that have arrived so far. */
  #parts = "";
  #users = 0;

  /**
   * Opens the connection to a server, or shares one that is open. Each call requires one call of {@link close}.
   *
   * @param url the URL of the server's sockets, with the scheme `http:` or `ws:`.
   * @param csrfToken the token for the handshake of the next connection.
   * @param pageReload called when the server has closed the connection cleanly.
   */
  static open(url: URL, csrfToken: string, pageReload: PageReload): LiveSocket {
    const key = url.href.replace(/^http/, "ws");
    const liveSocket = sockets.get(key) ?? new LiveSocket(key, pageReload);
    sockets.set(key, liveSocket);
    if (csrfToken) liveSocket.#csrfToken = csrfToken;
    liveSocket.#users++;
    liveSocket.socket.connect();
    return liveSocket;
  }

  private constructor(url: string, pageReload: PageReload) {
    this.socket = new Socket(url, {
      params: () => ({ _csrf_token: this.#csrfToken }),
      heartbeatIntervalMs,
      reconnectAfterMs,
      rejoinAfterMs,
      encode,
      decode: (text, receive) => this.#decode(text, receive),
    });
    this.socket.onOpen(() => {
      this.#parts = "";
    });
    // The connection works without the module until something goes wrong, so no element reports a failure.
    this.supervisor = new Promise((resolve) => {
      const load = () => import("./supervise-connection.js");
      const module = new LazyModule(new EventTarget(), load, ({ superviseConnection }) =>
        resolve(superviseConnection(this.socket, pageReload, this.leaving)),
      );
      void module.load();
    });
  }

  #decode(text: string, receive: (frame: Frame) => void): void {
    if (text.startsWith(partMark)) {
      this.#parts += text.slice(1);
      // Shows that the connection works, while the rest of the frame is on its way.
      receive({ topic: "phoenix", event: "part", payload: {} });
      return;
    }
    const whole = this.#parts + text;
    this.#parts = "";
    const [join_ref, ref, topic, event, payload] = JSON.parse(whole);
    receive({ join_ref, ref, topic, event, payload });
  }

  /** Closes the connection if no other session uses it. */
  close(): void {
    if (--this.#users > 0) return;
    this.leaving.stop();
    this.socket.disconnect();
  }
}
