import type { Connection, Subscriber } from "./connection.js";

// A server accepts 20 joins within a second of its clock by default. With these numbers a page stays below that.
const maxJoins = 18;
const spanMs = 1100;

/**
 * Spreads the joins of a page with many views, which all join when a connection opens. The server would refuse those
 * above its limit, and each refusal doubles the time until the next attempt.
 */
export function spreadJoins(connection: Connection): void {
  const waiting = new Set<Subscriber>();
  let sentAt: number[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;

  const send = (): void => {
    timer = undefined;
    const now = performance.now();
    sentAt = sentAt.filter((at) => at > now - spanMs);
    for (const subscriber of waiting) {
      if (sentAt.length >= maxJoins) {
        timer = setTimeout(send, (sentAt[0] ?? now) + spanMs - now);
        return;
      }
      waiting.delete(subscriber);
      // When the connection is open again, it requests the joins again.
      if (!connection.isOpen) continue;
      sentAt.push(now);
      subscriber.sendJoin();
    }
  };
  connection.requestJoin = (subscriber) => {
    waiting.add(subscriber);
    if (timer === undefined) send();
  };
  // The server counts the joins of each connection.
  connection.observers.add({
    handleConnecting() {
      sentAt = [];
    },
  });
}
