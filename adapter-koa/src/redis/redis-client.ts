/**
 * The members of a client of the package `redis` that {@link RedisPubSub} needs. The clients of `createClient`, `createCluster`
 * and `createSentinel` have them.
 */
export interface RedisClient {
  readonly isOpen: boolean;
  duplicate(): RedisClient;
  connect(): Promise<unknown>;
  destroy(): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
  off(event: "error", listener: (error: Error) => void): unknown;
  subscribe(channel: string, listener: (text: string) => void): Promise<unknown>;
  /** The listener of {@link subscribe}. It takes `unknown`, because a cluster's type does not exclude buffers. */
  unsubscribe(channel: string, listener: (text: unknown) => void): Promise<unknown>;
  publish(channel: string, text: string): Promise<unknown>;
  eval(
    script: string,
    options: { readonly keys: string[]; readonly arguments: string[] },
  ): Promise<unknown>;
}

/** Whether a command of several keys would have to reach several servers. */
export const isCluster = (client: RedisClient): boolean => "masters" in client;

/** Temporary errors of a Redis server: it is starting, or another server is taking its place. */
const temporary =
  /^(LOADING|READONLY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|MOVED|ASK|BUSY|NOREPLICAS|UNBLOCKED)\b/;

/** Whether a command may succeed later. Errors that do not come from the server come from the connection. */
export const isTemporary = (error: unknown): boolean =>
  !isReply(error) || temporary.test(String((error as Error).message));

/**
 * Whether a client refused a command because it is not connected. The client of a cluster refuses such commands, while
 * the client of one server keeps them. A separate error says why the client is not connected.
 */
export const isOffline = (error: unknown): boolean =>
  error instanceof Error && error.constructor.name === "ClientOfflineError";

/** Whether an error is the reply of the server. The client's own classes are recognized by name, because it is optional. */
const isReply = (error: unknown): boolean =>
  error instanceof Error && /ErrorReply$|^SimpleError$|^BlobError$/.test(error.constructor.name);
