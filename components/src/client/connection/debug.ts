import type { Socket } from "phoenix";

/** What the console may ask for. */
export interface DebugSettings {
  /** Whether each frame is written to the console. */
  readonly log: boolean;
  /** How long each frame is held back, either way, in milliseconds. */
  readonly latency: number;
}

/** What phoenix's types leave out of its socket. */
interface WireSocket extends Socket {
  encode(message: object, send: (text: string) => void): void;
  decode(frame: string, receive: (message: object) => void): void;
}

const storageKey = "live-session:debug";
const debugged = new WeakSet<Socket>();
let settings: DebugSettings = read();

/** Changes the settings, for all connections and, where the browser keeps it, the rest of its session. */
export function setDebug(sockets: Iterable<Socket>, changes: Partial<DebugSettings>): void {
  settings = { ...settings, ...changes };
  for (const socket of sockets) begin(socket);
  try {
    if (settings.log || settings.latency)
      sessionStorage.setItem(storageKey, JSON.stringify(settings));
    else sessionStorage.removeItem(storageKey);
  } catch {
    // Without storage they count for this page.
  }
}

/** Lets the settings count for a connection. */
export function begin(phoenixSocket: Socket): void {
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

/** Holds back what is to be done, in order, also when the latency has changed meanwhile. */
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
  // biome-ignore lint/suspicious/noConsole: whoever is at the console has asked for it
  if (settings.log) console.log(direction, topic, event, payload);
}

function read(): DebugSettings {
  try {
    return { log: false, latency: 0, ...JSON.parse(sessionStorage.getItem(storageKey) ?? "{}") };
  } catch {
    return { log: false, latency: 0 };
  }
}
