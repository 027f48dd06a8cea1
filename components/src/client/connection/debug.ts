import type { Message } from "../../protocol/index.js";
import type { Connection } from "./connection.js";

/** The settings of the debugging tools. */
export interface DebugSettings {
  /** Whether each frame is logged to the console. */
  readonly log: boolean;
  /** The delay of each frame in both directions, in milliseconds. */
  readonly latency: number;
}

const storageKey = "live-session:debug";
const debugged = new WeakSet<Connection>();
let settings: DebugSettings = read();

/** Changes the settings for all connections, and stores them for the rest of the tab's session. */
export function setDebug(connections: Iterable<Connection>, changes: Partial<DebugSettings>): void {
  settings = { ...settings, ...changes };
  for (const connection of connections) startDebugging(connection);
  try {
    if (settings.log || settings.latency)
      sessionStorage.setItem(storageKey, JSON.stringify(settings));
    else sessionStorage.removeItem(storageKey);
  } catch {
    // If the browser blocks storage, the settings apply to this page only.
  }
}

/** Applies the settings, and later changes of them, to a connection. */
export function startDebugging(connection: Connection): void {
  if (debugged.has(connection)) return;
  debugged.add(connection);
  const [sending, receiving] = [delay(), delay()];
  connection.transmit = (message, send) => {
    log("→", message);
    sending(send);
  };
  connection.deliver = (message, handle) =>
    receiving(() => {
      log("←", message);
      handle();
    });
}

/** Creates a function that delays calls by the latency and keeps their order, even when the latency changes. */
function delay(): (act: () => void) => void {
  const waiting: (() => void)[] = [];
  return (act) => {
    if (!settings.latency && waiting.length === 0) {
      act();
      return;
    }
    waiting.push(act);
    setTimeout(() => waiting.shift()?.(), settings.latency);
  };
}

function log(direction: string, [, , topic, event, payload]: Message): void {
  // biome-ignore lint/suspicious/noConsole: docs/decisions/log-frames-only-on-request.md
  if (settings.log) console.log(direction, topic, event, payload);
}

function read(): DebugSettings {
  try {
    return { log: false, latency: 0, ...JSON.parse(sessionStorage.getItem(storageKey) ?? "{}") };
  } catch {
    return { log: false, latency: 0 };
  }
}
