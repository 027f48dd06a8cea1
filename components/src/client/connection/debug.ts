import type { Socket } from "phoenix";

/** The settings of the debugging tools. */
export interface DebugSettings {
  /** Whether each frame is logged to the console. */
  readonly log: boolean;
  /** The delay of each frame in both directions, in milliseconds. */
  readonly latency: number;
}

/** Members of phoenix's socket that its types leave out. */
interface WireSocket extends Socket {
  encode(message: object, send: (text: string) => void): void;
  decode(frame: string, receive: (message: object) => void): void;
}

const storageKey = "live-session:debug";
const debugged = new WeakSet<Socket>();
let settings: DebugSettings = read();

/** Changes the settings for all connections, and stores them for the rest of the tab's session. */
export function setDebug(sockets: Iterable<Socket>, changes: Partial<DebugSettings>): void {
  settings = { ...settings, ...changes };
  for (const socket of sockets) startDebugging(socket);
  try {
    if (settings.log || settings.latency)
      sessionStorage.setItem(storageKey, JSON.stringify(settings));
    else sessionStorage.removeItem(storageKey);
  } catch {
    // If the browser blocks storage, the settings apply to this page only.
  }
}

/** Applies the settings, and later changes of them, to a connection. */
export function startDebugging(phoenixSocket: Socket): void {
  const socket = phoenixSocket as WireSocket;
  if (debugged.has(socket)) return;
  debugged.add(socket);
  const { encode, decode } = socket;
  const [sending, receiving] = [delay(), delay()];
  socket.encode = (message, send) => {
    log("→", message);
    encode(message, (text) => sending(() => socket.isConnected() && send(text)));
  };
  socket.decode = (frame, receive) =>
    decode(frame, (message) =>
      receiving(() => {
        log("←", message);
        receive(message);
      }),
    );
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

function log(direction: string, message: object): void {
  const { topic, event, payload } = message as { topic: string; event: string; payload: unknown };
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
