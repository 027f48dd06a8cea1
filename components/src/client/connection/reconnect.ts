import type { Socket } from "phoenix";
import type { Navigation } from "../navigation/navigation.js";
import type { DebugSettings } from "./debug.js";

const answerMs = 2000;
const connectTimeoutMs = 10_000;

// A socket that was cut off so soon, without a word, came to nothing. After three the fault is likely on the way.
const briefMs = 2000;
const briefBeforeFallback = 3;
const cutOff = 1006;

/** Whoever closes thus wants the connection to stay closed. */
const closedCleanly = 1000;

/** What phoenix's types leave out of its socket. */
interface WatchedSocket extends Socket {
  readonly conn: WebSocket;
  /** We closed it. */
  readonly closeWasClean: boolean;
  readonly reconnectTimer: { reset(): void };
  /** Asked for when a connection is begun. */
  params: () => object;
  /** Connects at once, unless it is connected, was closed by us, or the page is hidden. */
  handleVisibilityChange(): void;
  sendHeartbeat(): void;
  /** Gives a connection up whose last heartbeat has not been answered. */
  heartbeatTimeout(): void;
}

/** The `<live-session>` of the page, which may be on its way elsewhere. */
interface MainSession extends Element {
  readonly view?: { readonly navigation: Pick<Navigation, "pending" | "loadPending"> } | undefined;
}

/** What the part is given of the client. */
type PageReload = Pick<typeof import("../navigation/page-load.js"), "reloadPage" | "reloadDelayMs">;

const sockets: Socket[] = [];

/** Looks after a connection in what phoenix does not see to, and as the tab remembers. */
export async function watch(phoenixSocket: Socket, reload: PageReload): Promise<void> {
  const socket = phoenixSocket as WatchedSocket;
  sockets.push(socket);
  connectOnce(socket);
  reconnectOnWake(socket);
  limitConnecting(socket);
  fallBackWhenBrief(socket);
  socket.onClose(({ code }) => {
    if (code === closedCleanly) reloadLater(socket, reload);
  });
  if (isRemembered("debug")) (await import("./debug.js")).begin(socket);
  if (isRemembered("long-poll") && !socket.isConnected())
    (await import("./long-poll.js")).begin(socket);
}

/** Whether the tab remembers something; it does not where the browser blocks storage. */
function isRemembered(what: "debug" | "long-poll"): boolean {
  try {
    return `live-session:${what}` in sessionStorage;
  } catch {
    return false;
  }
}

/** What the browser's console can ask for. It counts for all connections, until the tab is closed. */
export interface LiveDebug {
  /** Writes each frame to the console. */
  enableDebug(): Promise<void>;
  disableDebug(): Promise<void>;
  /** Holds each frame back by some milliseconds, either way. */
  enableLatencySim(latency: number): Promise<void>;
  disableLatencySim(): Promise<void>;
}

async function setDebug(changes: Partial<DebugSettings>): Promise<void> {
  (await import("./debug.js")).setDebug(sockets, changes);
}

/** @see LiveDebug */
export const debug: LiveDebug = {
  enableDebug: () => setDebug({ log: true }),
  disableDebug: () => setDebug({ log: false }),
  enableLatencySim: (latency) => setDebug({ latency }),
  disableLatencySim: () => setDebug({ latency: 0 }),
};

/**
 * Lets a connection be asked for by whoever needs it, though the last one is still being closed: phoenix would open
 * another each time, and take the end of the old one for that of the new.
 */
function connectOnce(socket: WatchedSocket): void {
  const connect = socket.connect.bind(socket);
  socket.connect = () => {
    const { conn, closeWasClean } = socket;
    if (socket.connectionState() === "connecting") return;
    if (conn && closeWasClean) {
      conn.onclose?.(new CloseEvent("close"));
      const ignore = (): void => {};
      Object.assign(conn, { onopen: ignore, onmessage: ignore, onerror: ignore, onclose: ignore });
    }
    connect();
  };
}

/**
 * Opens a lost connection at once when somebody looks at the page again, or the network is back. One that is
 * still open then must answer a heartbeat within two seconds: a device that slept does not notice otherwise
 * that its connections are gone.
 */
function reconnectOnWake(socket: WatchedSocket): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wake = (): void => {
    const state = socket.connectionState();
    if (document.hidden || state === "connecting") return;
    socket.reconnectTimer.reset();
    if (state === "open") {
      socket.sendHeartbeat();
      // The answer to an earlier one is nothing to phoenix by now.
      clearTimeout(timer);
      timer = setTimeout(() => socket.heartbeatTimeout(), answerMs);
    } else {
      socket.handleVisibilityChange();
    }
  };
  for (const type of ["online", "visibilitychange", "resume"]) {
    // After phoenix, which listens to two of them as well and may have begun to connect.
    addEventListener(type, () => setTimeout(wake), true);
  }
}

function reloadLater(socket: WatchedSocket, { reloadPage, reloadDelayMs }: PageReload): void {
  setTimeout(() => {
    if (socket.isConnected() || socket.closeWasClean) return;
    const main = document.querySelector<MainSession>("live-session[token]");
    const navigation = main?.view?.navigation;
    // A page that is no server's of ours is not loaded anew.
    if (!main) socket.handleVisibilityChange();
    else if (navigation?.pending) reloadPage(() => navigation.loadPending());
    else reloadPage();
  }, reloadDelayMs());
}

function limitConnecting(socket: WatchedSocket): void {
  const { params } = socket;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const begin = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (socket.connectionState() === "connecting") socket.conn.close();
    }, connectTimeoutMs);
  };
  // The first one is under way.
  begin();
  socket.params = () => {
    begin();
    return params();
  };
}

function fallBackWhenBrief(socket: Socket): void {
  let openedAt = Number.POSITIVE_INFINITY;
  let brief = 0;
  socket.onOpen(() => {
    openedAt = Date.now();
  });
  socket.onClose(async ({ code }) => {
    brief = code === cutOff && Date.now() - openedAt < briefMs ? brief + 1 : 0;
    openedAt = Number.POSITIVE_INFINITY;
    if (brief < briefBeforeFallback) return;
    // Where the server is away altogether the part is too, mostly.
    await import("./long-poll.js").then(
      ({ fallBack }) => fallBack(socket),
      () => {},
    );
  });
}
