import type { Socket } from "phoenix";
import type { Leaving } from "./leaving.js";
import { PageLoads, serverAnswers } from "./page-loads.js";
import { spreadJoins } from "./spread-joins.js";
import { checkVersion } from "./version-warning.js";

const answerMs = 2000;

// If an open connection delivers nothing for this time after a click on a link, the browser loads the page.
const silentMs = 2500;

// Doubles with each socket that is closed: Firefox delays new sockets after failures, and a socket that waits for the end
// of the delay cannot be distinguished from one that hangs.
const connectTimeoutMs = 10_000;
const maxConnectTimeoutMs = 80_000;

// A proxy that allows no WebSockets often opens them and cuts them off within seconds, without a close frame. After
// three such connections in a row the client tries long polling.
const briefMs = 2000;
const briefBeforeFallback = 3;
const cutOff = 1006;

// Other proxies open WebSockets and transport no frame. An open socket works when its first frame has come.
const firstFrameMs = 3000;

// The attempts that the client makes although the server has not answered a request: the page may forbid requests.
const attemptsWithoutAnswer = 3;

// With this close code the server asks the browser not to connect again, so phoenix does not.
const closedCleanly = 1000;

/** Members of phoenix's socket that its types leave out. */
interface SupervisedSocket extends Socket {
  readonly conn: WebSocket;
  /** Whether the client itself has closed the connection. */
  readonly closeWasClean: boolean;
  readonly reconnectTimer: {
    readonly tries: number;
    callback: () => void;
    reset(): void;
    scheduleTimeout(): void;
  };
  /** The reference of a heartbeat that has no answer yet. */
  readonly pendingHeartbeatRef: string | null;
  /** Called when a connection starts to open. */
  params: () => object;
  /** Connects at once, unless the connection is open, was closed by the client, or the page is hidden. */
  handleVisibilityChange(): void;
  sendHeartbeat(): void;
  /** Forgets the pending heartbeat and schedules the next one. */
  resetHeartbeat(): void;
  /** Closes the connection if its last heartbeat has not been answered. */
  heartbeatTimeout(): void;
}

/**
 * Returns how to load a page again whose connection the server has closed cleanly. Returns `undefined` if it is not a
 * page of the server, which connects again instead.
 */
export type PageReload = () => (() => void) | undefined;

/** Checks of a connection and its server. */
export interface Supervisor {
  readonly pageLoads: PageLoads;
  /** Logs a warning if the server has another version than the page. */
  readonly checkVersion: typeof checkVersion;
  /** Sends a heartbeat. Resolves with true if the connection then delivers no frame in time, although it stays open. */
  isSilent(): Promise<boolean>;
}

/**
 * Adds to a phoenix socket what phoenix does not do: it checks the connection when the device wakes up, limits the time
 * to connect, and falls back to long polling. Applies the settings that the tab has stored.
 */
export function superviseConnection(
  phoenixSocket: Socket,
  pageReload: PageReload,
  leaving: Leaving,
): Supervisor {
  const socket = phoenixSocket as SupervisedSocket;
  const pageLoads = new PageLoads(leaving);
  connectOnce(socket);
  spreadJoins(socket);
  reconnectOnWake(socket);
  countFramesAsHeartbeats(socket);
  reconnectWhenAnswered(socket);
  limitConnecting(socket);
  fallBackWhenBrief(socket);
  fallBackWhenSilent(socket);
  socket.onClose(({ code }) => {
    if (code !== closedCleanly) return;
    pageLoads.loadLater({
      href: () => location.href,
      isDone: () => socket.isConnected() || socket.closeWasClean,
      load() {
        const load = pageReload();
        if (load) pageLoads.reload(load);
        else socket.handleVisibilityChange();
      },
    });
  });
  // A module that cannot be loaded is ignored.
  applyStored(socket).catch(() => {});
  return { pageLoads, checkVersion, isSilent: () => isSilent(socket) };
}

async function applyStored(socket: Socket): Promise<void> {
  if (isStored("debug")) (await import("./debug.js")).startDebugging(socket);
  if (isStored("long-poll") && !socket.isConnected()) {
    (await import("./long-poll.js")).useLongPoll(socket);
  }
}

function isSilent(socket: Socket): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (isSilent: boolean): void => {
      clearTimeout(timer);
      // Phoenix is going through its listeners now.
      queueMicrotask(() => socket.off(listeners));
      resolve(isSilent);
    };
    const timer = setTimeout(() => end(true), silentMs);
    const listeners = [socket.onMessage(() => end(false)), socket.onClose(() => end(false))];
    const ref = socket.makeRef();
    socket.push({ topic: "phoenix", event: "heartbeat", payload: {}, ref });
  });
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
 * open must deliver a frame within two seconds: after sleep a device does not notice that its connections are gone.
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

/** Accepts any frame as the answer to a heartbeat, which may have to wait behind large updates. */
function countFramesAsHeartbeats(socket: SupervisedSocket): void {
  socket.onMessage(() => {
    if (socket.pendingHeartbeatRef) socket.resetHeartbeat();
  });
}

/** Returns the URL of the server's long polling, which answers requests cheaply. */
const requestUrl = (socket: Socket): string =>
  socket.endPointURL().replace(/^ws/, "http").replace("/websocket?", "/longpoll?");

/**
 * Opens a lost connection again when the server answers requests. Each socket that fails to open makes Firefox delay the
 * next one, up to a minute after a long outage; requests are not delayed.
 */
function reconnectWhenAnswered(socket: SupervisedSocket): void {
  const timer = socket.reconnectTimer;
  const { callback } = timer;
  timer.callback = async () => {
    const isFirst = timer.tries % attemptsWithoutAnswer === 1;
    if (isFirst || document.hidden || (await serverAnswers(requestUrl(socket)))) {
      // After an error, phoenix's long polling says that it is connecting, and waits for this call.
      const isOpening =
        socket.conn instanceof WebSocket && socket.connectionState() === "connecting";
      if (socket.isConnected() || isOpening || socket.closeWasClean) return;
      callback();
    } else if (!socket.closeWasClean && socket.connectionState() === "closed") {
      timer.scheduleTimeout();
    }
  };
}

/** Closes a socket that does not open although the server answers requests. */
function limitConnecting(socket: SupervisedSocket): void {
  const { params } = socket;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let timeoutMs = connectTimeoutMs;
  const check = async (): Promise<void> => {
    const { conn } = socket;
    const isConnecting = (): boolean =>
      socket.conn === conn && socket.connectionState() === "connecting";
    if (!isConnecting()) return;
    const isAnswered = await serverAnswers(requestUrl(socket));
    if (!isConnecting()) return;
    if (isAnswered) {
      timeoutMs = Math.min(2 * timeoutMs, maxConnectTimeoutMs);
      conn.close();
    } else {
      // A new socket would not open either.
      startTimer(connectTimeoutMs / 2);
    }
  };
  const startTimer = (ms: number): void => {
    clearTimeout(timer);
    timer = setTimeout(check, ms);
  };
  // The first connection has started already.
  startTimer(timeoutMs);
  socket.onOpen(() => {
    timeoutMs = connectTimeoutMs;
  });
  socket.params = () => {
    startTimer(timeoutMs);
    return params();
  };
}

function fallBackWhenBrief(socket: Socket): void {
  let openedAt = Number.POSITIVE_INFINITY;
  let hasWorked = false;
  let brief = 0;
  let wasAnswered = false;
  socket.onOpen(() => {
    openedAt = Date.now();
    hasWorked = false;
  });
  socket.onMessage(() => {
    hasWorked = true;
  });
  socket.onClose(async ({ code }) => {
    const isBrief = !hasWorked || Date.now() - openedAt < briefMs;
    brief = code === cutOff && isBrief ? brief + 1 : 0;
    openedAt = Number.POSITIVE_INFINITY;
    hasWorked = false;
    // Sockets also fail while the server restarts. The last one must have failed although the server was up.
    if (brief >= briefBeforeFallback && wasAnswered) {
      await fallBack(socket, () => socket.isConnected());
    } else {
      wasAnswered = brief >= briefBeforeFallback - 1 && (await serverAnswers(requestUrl(socket)));
    }
  });
}

/** Falls back to long polling if an open socket delivers no frame although the server answers requests. */
function fallBackWhenSilent(socket: SupervisedSocket): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isWorking = false;
  const check = (): void => {
    const { conn } = socket;
    // Phoenix's long polling sends no heartbeats.
    if ("skipHeartbeat" in conn) return;
    isWorking = false;
    const isKnown = (): boolean => isWorking || socket.conn !== conn || !socket.isConnected();
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (isKnown()) return;
      socket.sendHeartbeat();
      timer = setTimeout(() => fallBack(socket, isKnown), answerMs);
    }, firstFrameMs);
  };
  socket.onMessage(() => {
    isWorking = true;
  });
  socket.onOpen(check);
  if (socket.isConnected()) check();
}

async function fallBack(socket: Socket, isWorking: () => boolean): Promise<void> {
  if (isWorking()) return;
  // If the server is down, the module usually cannot be loaded either.
  const longPoll = await import("./long-poll.js").catch(() => undefined);
  await longPoll?.fallBack(socket, isWorking);
}
