import type { Socket } from "phoenix";

const answerMs = 2000;
const connectTimeoutMs = 10_000;

// A proxy that allows no WebSockets often opens them and cuts them off within seconds, without a close frame. After
// three such connections in a row the client tries long polling.
const briefMs = 2000;
const briefBeforeFallback = 3;
const cutOff = 1006;

// With this close code the server asks the browser not to connect again, so phoenix does not.
const closedCleanly = 1000;

/** Members of phoenix's socket that its types leave out. */
interface SupervisedSocket extends Socket {
  readonly conn: WebSocket;
  /** Whether the client itself has closed the connection. */
  readonly closeWasClean: boolean;
  readonly reconnectTimer: { reset(): void };
  /** Called when a connection starts to open. */
  params: () => object;
  /** Connects at once, unless the connection is open, was closed by the client, or the page is hidden. */
  handleVisibilityChange(): void;
  sendHeartbeat(): void;
  /** Closes the connection if its last heartbeat has not been answered. */
  heartbeatTimeout(): void;
}

/** Reloads a page after the server has closed its connection cleanly. */
export interface PageReload {
  /** Returns how long to wait before, in milliseconds. */
  delayMs(): number;
  /** Reloads the page; returns false if it is not a page of the server, which connects again instead. */
  reload(): boolean;
}

/**
 * Adds to a phoenix socket what phoenix does not do: it checks the connection when the device wakes up, limits the time
 * to connect, and falls back to long polling. Applies the settings that the tab has stored.
 */
export async function superviseConnection(
  phoenixSocket: Socket,
  pageReload: PageReload,
): Promise<void> {
  const socket = phoenixSocket as SupervisedSocket;
  connectOnce(socket);
  reconnectOnWake(socket);
  limitConnecting(socket);
  fallBackWhenBrief(socket);
  socket.onClose(({ code }) => {
    if (code === closedCleanly) reloadLater(socket, pageReload);
  });
  if (isStored("debug")) (await import("./debug.js")).startDebugging(socket);
  if (isStored("long-poll") && !socket.isConnected()) {
    (await import("./long-poll.js")).useLongPoll(socket);
  }
}

/** Whether the tab has stored a setting. Returns false if the browser blocks storage. */
function isStored(setting: "debug" | "long-poll"): boolean {
  try {
    return `live-session:${setting}` in sessionStorage;
  } catch {
    return false;
  }
}

/**
 * Makes `connect()` safe to call while the previous connection is still closing. Phoenix would open another connection
 * with each call, and take the close event of the old one for that of the new one.
 */
function connectOnce(socket: SupervisedSocket): void {
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
 * Opens a lost connection at once when the user returns to the page or the network is back. A connection that is still
 * open must answer a heartbeat within two seconds: after sleep a device does not notice that its connections are gone.
 */
function reconnectOnWake(socket: SupervisedSocket): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wake = (): void => {
    const state = socket.connectionState();
    if (document.hidden || state === "connecting") return;
    socket.reconnectTimer.reset();
    if (state === "open") {
      socket.sendHeartbeat();
      // Phoenix ignores the answer to an earlier heartbeat now, so the time starts again.
      clearTimeout(timer);
      timer = setTimeout(() => socket.heartbeatTimeout(), answerMs);
    } else {
      socket.handleVisibilityChange();
    }
  };
  for (const type of ["online", "visibilitychange", "resume"]) {
    // Phoenix listens to two of these events too, and may start to connect: its listeners run first.
    addEventListener(type, () => setTimeout(wake), true);
  }
}

function reloadLater(socket: SupervisedSocket, { delayMs, reload }: PageReload): void {
  setTimeout(() => {
    if (socket.isConnected() || socket.closeWasClean) return;
    if (!reload()) socket.handleVisibilityChange();
  }, delayMs());
}

function limitConnecting(socket: SupervisedSocket): void {
  const { params } = socket;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const startTimer = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (socket.connectionState() === "connecting") socket.conn.close();
    }, connectTimeoutMs);
  };
  // The first connection has started already.
  startTimer();
  socket.params = () => {
    startTimer();
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
    // If the server is down, the module usually cannot be loaded either.
    await import("./long-poll.js").then(
      ({ fallBack }) => fallBack(socket),
      () => {},
    );
  });
}
