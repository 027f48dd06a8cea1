import type { Connection } from "./connection.js";
import type { Leaving } from "./leaving.js";
import { moveOnRestart } from "./move-on-restart.js";
import { PageLoads, serverAnswers } from "./page-loads.js";
import { spreadJoins } from "./spread-joins.js";
import { checkVersion } from "./version-warning.js";

const answerMs = 2000;

// If an open connection delivers nothing for this time after a click on a link, the browser loads the page.
const silentMs = 2500;

// If an open connection delivers nothing for this long after the page has sent something, and again after a heartbeat,
// the client connects again. A slow network gets the time that it needs to transport what was sent.
const unansweredMs = 5000;
const slowestPerMs = 10;

// Doubles with each socket that is closed: Firefox delays new sockets after failures, and a socket that waits for the end
// of the delay cannot be distinguished from one that hangs.
const connectTimeoutMs = 10_000;
const maxConnectTimeoutMs = 80_000;

// A proxy that allows no WebSockets often opens them and cuts them off within seconds, without a close frame. After
// three such connections in a row the client tries long polling.
const briefMs = 2000;
const briefBeforeFallback = 3;
const cutOff = 1006;

// Other proxies open WebSockets and transport no frame. An open socket works when its first frame has arrived.
const firstFrameMs = 3000;

// Each attempt of this number connects even if the server has answered no request, because the page may forbid requests.
const attemptsWithoutAnswer = 3;

// With this close code the server asks the browser not to connect again.
const closedCleanly = 1000;

/**
 * Returns how to load a page again whose connection the server has closed cleanly. Returns `undefined` if it is not a
 * page of the server, which connects again instead.
 */
export type PageReload = () => (() => void) | undefined;

/** A navigation that waits for the server. */
export interface WaitingVisit {
  /** Whether no later visit has replaced this one. */
  isCurrent(): boolean;
  /** Loads the page of the visit. */
  load(): void;
}

/** Checks of a connection and its server. */
export interface Supervisor {
  readonly pageLoads: PageLoads;
  /** Logs a warning if the versions of the server and the page differ. */
  readonly checkVersion: typeof checkVersion;
  /** Loads the page of a visit if the connection delivers no frame in time, although it stays open. */
  loadIfSilent(visit: WaitingVisit): void;
}

/**
 * Adds to a connection the code that only matters when something goes wrong. It checks the connection when the device wakes
 * up, limits the time to connect, falls back to long polling, moves away from a process that ends, and closes the connection of
 * a page in the back-forward cache. Applies the settings that the tab has stored.
 */
export function superviseConnection(
  connection: Connection,
  pageReload: PageReload,
  leaving: Leaving,
): Supervisor {
  const pageLoads = new PageLoads(leaving);
  spreadJoins(connection);
  moveOnRestart(connection);
  reconnectOnWake(connection);
  reconnectWhenUnanswered(connection);
  closeOnPageHide(connection);
  reconnectWhenAnswered(connection);
  limitConnecting(connection);
  fallBackWhenBrief(connection);
  fallBackWhenSilent(connection);
  reloadWhenClosed(connection, pageReload, pageLoads);
  // A module that cannot be loaded is ignored.
  applyStored(connection).catch(() => {});
  return {
    pageLoads,
    checkVersion,
    loadIfSilent: (visit) => loadIfSilent(connection, visit, leaving),
  };
}

async function applyStored(connection: Connection): Promise<void> {
  if (isStored("debug")) (await import("./debug.js")).startDebugging(connection);
  if (isStored("long-poll") && !connection.isOpen) {
    (await import("./long-poll.js")).useLongPoll(connection, () => longPollUrl(connection));
  }
}

function loadIfSilent(
  connection: Connection,
  { isCurrent, load }: WaitingVisit,
  leaving: Leaving,
): void {
  expectFrame(connection, silentMs, () => {
    // A visit to another live session is already loading its page.
    if (isCurrent() && !leaving.isActive) load();
  });
}

/**
 * Sends a heartbeat, and calls a function if no frame arrives within a time although the connection stays open.
 *
 * @returns a function that ends the wait
 */
function expectFrame(connection: Connection, ms: number, handleSilence: () => void): () => void {
  const stop = (): void => {
    clearTimeout(timer);
    connection.observers.delete(observer);
  };
  const timer = setTimeout(() => {
    stop();
    handleSilence();
  }, ms);
  const observer = { handleFrame: stop, handleClose: stop };
  connection.observers.add(observer);
  connection.sendHeartbeat();
  return stop;
}

/** Whether the tab has stored a setting. Returns false if the browser blocks storage. */
function isStored(setting: "debug" | "long-poll"): boolean {
  try {
    return `live-session:${setting}` in sessionStorage;
  } catch {
    return false;
  }
}

/** Loads the page again, or connects again, some time after the server has closed the connection cleanly. */
function reloadWhenClosed(
  connection: Connection,
  pageReload: PageReload,
  pageLoads: PageLoads,
): void {
  const handleClose = (code: number): void => {
    if (code !== closedCleanly) return;
    const closed = {};
    lastClose = closed;
    pageLoads.loadLater({
      href: () => location.href,
      isDone: () => lastClose !== closed,
      load() {
        const load = pageReload();
        if (load) pageLoads.reload(load);
        else connection.connect();
      },
    });
  };
  let lastClose: object | undefined;
  const handleConnecting = (): void => {
    lastClose = undefined;
  };
  connection.observers.add({ handleClose, handleConnecting });
}

/**
 * Opens a lost connection at once when the user returns to the page or the network is back. A connection that is still
 * open must deliver a frame within two seconds: after sleep a device does not notice that its connections are gone.
 */
function reconnectOnWake(connection: Connection): void {
  let stopWaiting = (): void => {};
  const wake = (): void => {
    if (document.hidden) return;
    if (connection.state === "waiting") connection.connect();
    if (!connection.isOpen) return;
    stopWaiting();
    stopWaiting = expectFrame(connection, answerMs, () => connection.drop());
  };
  for (const type of ["online", "visibilitychange", "resume"]) addEventListener(type, wake, true);
}

/**
 * Replaces a connection that stays open and delivers nothing after the page has sent something. Without this check, only
 * the heartbeats would detect it, up to a minute later.
 */
function reconnectWhenUnanswered(connection: Connection): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let length = 0;
  const wait = (act: () => void, ms: number): void => {
    clearTimeout(timer);
    timer = setTimeout(act, ms + length / slowestPerMs);
  };
  const check = (): void => {
    wait(drop, unansweredMs);
    connection.sendHeartbeat();
  };
  const drop = (): void => {
    // The browser has not passed on everything yet, for example a file that is uploaded.
    if ((connection.carrier as Partial<WebSocket> | undefined)?.bufferedAmount)
      wait(drop, silentMs);
    else connection.drop();
  };
  const stop = (): void => {
    clearTimeout(timer);
    timer = undefined;
    length = 0;
  };
  connection.observers.add({
    handleSend(sent) {
      if (!connection.isOpen) return;
      length += sent;
      if (timer === undefined) wait(check, silentMs);
    },
    handleFrame: stop,
    handleClose: stop,
  });
}

/** Closes the connection of a page that the browser keeps in its cache; the page opens it again when it is shown. */
function closeOnPageHide(connection: Connection): void {
  addEventListener("pagehide", () => connection.close());
}

/** Returns the URL of the server's long polling, which answers requests cheaply. */
const longPollUrl = ({ url }: Connection): string =>
  url().replace(/^ws/, "http").replace("/websocket?", "/longpoll?");

/**
 * Opens a lost connection again when the server answers requests. Each socket that fails to open makes Firefox delay the
 * next one, up to a minute after a long outage; requests are not delayed.
 */
function reconnectWhenAnswered(connection: Connection): void {
  const isWaiting = (): boolean => connection.state === "waiting";
  connection.handleDue = async () => {
    const isFirst = connection.tries % attemptsWithoutAnswer === 0;
    const mayConnect = isFirst || document.hidden || (await serverAnswers(longPollUrl(connection)));
    if (!isWaiting()) return;
    if (mayConnect) connection.connect();
    else {
      connection.tries++;
      connection.connectLater();
    }
  };
}

/** Closes a socket that does not open although the server answers requests. */
function limitConnecting(connection: Connection): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let timeoutMs = connectTimeoutMs;
  let attempt = 0;
  const check = async (): Promise<void> => {
    const checked = attempt;
    const isConnecting = (): boolean => attempt === checked && connection.state === "connecting";
    if (!isConnecting()) return;
    const isAnswered = await serverAnswers(longPollUrl(connection));
    if (!isConnecting()) return;
    if (isAnswered) {
      timeoutMs = Math.min(2 * timeoutMs, maxConnectTimeoutMs);
      connection.drop();
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
  connection.observers.add({
    handleConnecting() {
      attempt++;
      startTimer(timeoutMs);
    },
    handleOpen() {
      timeoutMs = connectTimeoutMs;
    },
  });
}

function fallBackWhenBrief(connection: Connection): void {
  let openedAt = Number.POSITIVE_INFINITY;
  let hasWorked = false;
  let brief = 0;
  let wasAnswered = false;
  connection.observers.add({
    handleOpen() {
      openedAt = Date.now();
      hasWorked = false;
    },
    handleFrame() {
      hasWorked = true;
    },
    async handleClose(code) {
      const isBrief = !hasWorked || Date.now() - openedAt < briefMs;
      brief = code === cutOff && isBrief ? brief + 1 : 0;
      openedAt = Number.POSITIVE_INFINITY;
      hasWorked = false;
      // Sockets also fail while the server restarts. The last one must have failed although the server was up.
      if (brief >= briefBeforeFallback && wasAnswered) {
        await fallBack(connection, () => connection.isOpen);
      } else {
        wasAnswered =
          brief >= briefBeforeFallback - 1 && (await serverAnswers(longPollUrl(connection)));
      }
    },
  });
}

/** Falls back to long polling if an open socket delivers no frame although the server answers requests. */
function fallBackWhenSilent(connection: Connection): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = (): void => clearTimeout(timer);
  const fallBackUnlessKnown = (): void =>
    void fallBack(connection, () => connection.state !== "open");
  const check = (): void => {
    stop();
    timer = setTimeout(() => expectFrame(connection, answerMs, fallBackUnlessKnown), firstFrameMs);
  };
  connection.observers.add({ handleOpen: check, handleFrame: stop, handleClose: stop });
  if (connection.state === "open") check();
}

async function fallBack(connection: Connection, isWorking: () => boolean): Promise<void> {
  if (isWorking()) return;
  // If the server is down, the module usually cannot be loaded either.
  const longPoll = await import("./long-poll.js").catch(() => undefined);
  await longPoll?.fallBack(connection, () => longPollUrl(connection), isWorking);
}
