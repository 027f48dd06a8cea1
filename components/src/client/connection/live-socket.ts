import { LazyModule } from "../lazy-module.js";
import { Connection } from "./connection.js";
import { Leaving } from "./leaving.js";
import { liveDebug } from "./live-debug.js";
import type { PageReload, Supervisor } from "./supervise-connection.js";

const sockets = new Map<string, LiveSocket>();

/** The debugging tools of all connections. */
export const debugTools = liveDebug(() =>
  Array.from(sockets.values(), ({ connection }) => connection),
);

/**
 * The connection to one server, which all `<live-session>` elements of that server share.
 *
 * It uses the value of `globalThis.WebSocket` at the time when a carrier opens; tests replace that.
 */
export class LiveSocket {
  readonly connection: Connection;
  readonly leaving = new Leaving();
  /** Resolves when the module has been loaded. */
  readonly supervisor: Promise<Supervisor>;
  #csrfToken = "";
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
    liveSocket.connection.connect();
    return liveSocket;
  }

  private constructor(url: string, pageReload: PageReload) {
    this.connection = new Connection(
      () => `${url}/websocket?_csrf_token=${encodeURIComponent(this.#csrfToken)}&vsn=2.0.0`,
    );
    // The connection works without the module until something goes wrong, so no element reports a failure.
    this.supervisor = new Promise((resolve) => {
      const load = () => import("./supervise-connection.js");
      const module = new LazyModule(new EventTarget(), load, ({ superviseConnection }) =>
        resolve(superviseConnection(this.connection, pageReload, this.leaving)),
      );
      void module.load();
    });
  }

  /** Closes the connection if no other session uses it. */
  close(): void {
    if (--this.#users > 0) return;
    this.leaving.stop();
    this.connection.close();
  }
}
