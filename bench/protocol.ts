/** What a measured process serves. */
export type ServerRole = "live" | "echo" | "koa" | "session";

/** What the load generator asks of it. */
export type ServerRequest =
  | { readonly type: "tick"; readonly n: number }
  | { readonly type: "measure"; readonly gc: boolean };

/** What it answers: its port once it listens, then CPU microseconds and resident bytes. */
export interface ServerReport {
  readonly port?: number;
  readonly cpu?: number;
  readonly rss?: number;
}
