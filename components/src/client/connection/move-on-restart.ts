import type { Channel } from "./channel.js";
import type { Connection, Subscriber } from "./connection.js";

/**
 * Replaces the carrier when the server announces that its process ends, so that the next one reaches another process.
 * Waits until all events have been answered, because answers that the process has not sent are lost when it ends. The
 * server waits only for a short time, and then closes the carrier itself.
 */
export function moveOnRestart(connection: Connection): void {
  const ignore = (): void => {};
  const subscriber: Subscriber = {
    topic: "phoenix",
    sendJoin: ignore,
    receive(_joinRef, _ref, event) {
      if (event === "restart") void move(connection);
    },
    handleInterruption: ignore,
    handleResumption: ignore,
    handleEnd: ignore,
  };
  connection.subscribers.add(subscriber);
}

async function move(connection: Connection): Promise<void> {
  const { carrier } = connection;
  let awaited: readonly unknown[];
  do {
    awaited = lastReplies(connection);
    await Promise.allSettled(awaited);
    if (connection.carrier !== carrier) return;
  } while (lastReplies(connection).some((reply) => !awaited.includes(reply)));
  connection.drop();
}

/** Returns the replies to the last event of each view, which come after those to earlier ones. */
const lastReplies = ({ subscribers }: Connection): readonly unknown[] =>
  [...subscribers].map((subscriber) => (subscriber as Partial<Channel>).lastReply);
