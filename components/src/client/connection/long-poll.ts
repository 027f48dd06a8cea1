import { LongPoll, type Socket } from "phoenix";

const storageKey = "live-session:long-poll";
const retryMs = 60_000;
// A proxy that cuts off WebSockets does so earlier than this.
const provenMs = 2000;
const heartbeat = '[null,"0","phoenix","heartbeat",{}]';

const longPolling = new WeakSet<Socket>();

/** Phoenix's long polling, which also notifies the server when the browser closes the connection. */
class ClosingLongPoll extends LongPoll {
  override close(...reason: unknown[]): void {
    const url = this.endpointURL();
    super.close(...(reason as []));
    const headers = { "content-type": "application/x-ndjson" };
    fetch(url, { method: "DELETE", headers, keepalive: true }).catch(() => {});
  }
}

/**
 * Falls back to long polling if the server answers HTTP requests although WebSockets fail.
 *
 * @param isWorking checks whether a WebSocket works after all
 */
export async function fallBack(socket: Socket, isWorking: () => boolean): Promise<void> {
  const url = LongPoll.prototype.normalizeEndpoint(socket.endPointURL());
  const { ok } = await fetch(url, { method: "HEAD" }).catch(() => Response.error());
  if (ok && !isWorking()) useLongPoll(socket);
}

/**
 * Switches a connection to long polling. Once a minute it tries a WebSocket; when one stays open and carries frames, the
 * connection switches back. Until then other pages of this tab start with long polling.
 */
export function useLongPoll(socket: Socket): void {
  if (longPolling.has(socket)) return;
  longPolling.add(socket);
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
      if (isProven) switchBack(socket);
      else retryLater(socket);
    };
  }, retryMs);
}

function switchBack(socket: Socket): void {
  remember(false);
  longPolling.delete(socket);
  const wasOpen = socket.isConnected();
  socket.replaceTransport(WebSocket);
  if (wasOpen) socket.connect();
}

function remember(usesLongPoll: boolean): void {
  try {
    if (usesLongPoll) sessionStorage.setItem(storageKey, "true");
    else sessionStorage.removeItem(storageKey);
  } catch {
    // If the browser blocks storage, the next page starts with a WebSocket.
  }
}
