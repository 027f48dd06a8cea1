/** The kind of a measured process. `quiet` is `live` whose views sleep after a short time. */
export type ServerRole = "live" | "quiet" | "echo" | "koa" | "session" | "socket.io" | "liveviewjs";

/** A message of the load generator to a measured process. */
export type ServerRequest =
  | { readonly type: "serve"; readonly html: string }
  | { readonly type: "tick"; readonly n: number }
  | { readonly type: "measure"; readonly gc: boolean };

/** A message of a measured process: its port when it listens, later its CPU microseconds and resident bytes. */
export interface ServerReport {
  readonly port?: number;
  readonly cpu?: number;
  readonly rss?: number;
  readonly heap?: number;
}
