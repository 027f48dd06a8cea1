import type { Worker } from "node:cluster";

/** The fields that are used of the messages between Node's processes, which are not part of its API. */
interface ClusterMessage {
  readonly act?: string;
  readonly seq?: number;
  readonly ack?: number;
}

/**
 * Closes connections that were passed to a process but that the process had not accepted when it ended. Node keeps them
 * open forever: their browsers would wait for an answer, instead of connecting to another process. Call it before the
 * process starts to listen.
 */
export function closeUnaccepted(worker: Worker): void {
  const { process: child } = worker;
  const unaccepted = new Map<number, Partial<{ close(): void }>>();
  const send = child.send.bind(child) as (...args: unknown[]) => boolean;
  child.send = (message: ClusterMessage, handle?: unknown, ...more: unknown[]) => {
    if (message.act === "newconn" && message.seq !== undefined && handle)
      unaccepted.set(message.seq, handle);
    return send(message, handle, ...more);
  };
  child.on("internalMessage", ({ ack }: ClusterMessage) => {
    if (ack !== undefined) unaccepted.delete(ack);
  });
  child.once("exit", () => {
    for (const handle of unaccepted.values()) handle.close?.();
    unaccepted.clear();
  });
}
