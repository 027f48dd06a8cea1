import type { Socket } from "phoenix";

const answerMs = 2000;

/** What phoenix's types leave out of its socket. */
interface WakingSocket extends Socket {
  readonly reconnectTimer: { reset(): void };
  /** Connects at once, unless it is connected, was closed by us, or the page is hidden. */
  handleVisibilityChange(): void;
  sendHeartbeat(): void;
  /** Gives a connection up whose last heartbeat has not been answered. */
  heartbeatTimeout(): void;
}

/**
 * Looks after a connection when somebody looks at the page again, or the network is back: a lost one is
 * opened at once, and one that is still open must answer a heartbeat within two seconds. A device that
 * slept does not notice otherwise that its connections are gone.
 */
export function reconnectOnWake(phoenixSocket: Socket): void {
  const socket = phoenixSocket as WakingSocket;
  const wake = (): void => {
    const state = socket.connectionState();
    if (document.hidden || state === "connecting") return;
    socket.reconnectTimer.reset();
    if (state === "open") {
      socket.sendHeartbeat();
      setTimeout(() => socket.heartbeatTimeout(), answerMs);
    } else {
      socket.handleVisibilityChange();
    }
  };
  for (const type of ["online", "visibilitychange", "resume"]) {
    // After phoenix, which listens to two of them as well and may have begun to connect.
    addEventListener(type, () => setTimeout(wake), true);
  }
}
