import { LongPoll, type Socket } from "phoenix";

const storageKey = "live-session:long-poll";
const retryMs = 60_000;
// What cuts sockets off early does it before.
const provenMs = 2000;
const heartbeat = '[null,"0","phoenix","heartbeat",{}]';

const fallen = new WeakSet<Socket>();

/** Phoenix's long polling, and a word to the server when it ends. */
class ClosingLongPoll extends LongPoll {
  override close(...reason: unknown[]): void {
    const url = this.endpointURL();
    super.close(...(reason as []));
    const headers = { "content-type": "application/x-ndjson" };
    fetch(url, { method: "DELETE", headers, keepalive: true }).catch(() => {});
  }
}

/** Goes on by long polling if the server answers requests, though no WebSocket gets through to it. */
export async function fallBack(socket: Socket): Promise<void> {
  const url = LongPoll.prototype.normalizeEndpoint(socket.endPointURL());
  const { ok } = await fetch(url, { method: "HEAD" }).catch(() => Response.error());
  if (ok && !socket.isConnected()) begin(socket);
}

/**
 * Lets a connection go over HTTP requests. Once a minute a WebSocket is tried beside it; as soon as one
 * lasts and carries frames the connection goes back to WebSockets. Other pages of this tab begin with long
 * polling until then.
 */
export function begin(socket: Socket): void {
  if (fallen.has(socket)) return;
  fallen.add(socket);
  remember(true);
  socket.replaceTransport(ClosingLongPoll);
  socket.connect();
  retryLater(socket);
}

function retryLater(socket: Socket): void {
  setTimeout(() => {
    const webSocket = new WebSocket(socket.endPointURL());
    let isProven = false;
    webSocket.onopen = () =>
      setTimeout(() => webSocket.readyState === 1 && webSocket.send(heartbeat), provenMs);
    webSocket.onmessage = () => {
      isProven = true;
      webSocket.close();
    };
    webSocket.onclose = () => {
      if (isProven) goBack(socket);
      else retryLater(socket);
    };
  }, retryMs);
}

function goBack(socket: Socket): void {
  remember(false);
  fallen.delete(socket);
  const wasOpen = socket.isConnected();
  socket.replaceTransport(WebSocket);
  if (wasOpen) socket.connect();
}

function remember(isFallen: boolean): void {
  try {
    if (isFallen) sessionStorage.setItem(storageKey, "true");
    else sessionStorage.removeItem(storageKey);
  } catch {
    // Without storage the next page finds out by itself.
  }
}
