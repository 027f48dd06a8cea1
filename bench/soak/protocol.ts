/** The report of the soak test's server. */
export interface ServerState {
  readonly port: number;
  readonly connections: number;
  /** The longest time for which the event loop was busy since the last report, in milliseconds. */
  readonly delay: number;
  /** The number of resources that keep the process running: sockets, timers, requests. */
  readonly handles: number;
  /** Bytes on the heap. */
  readonly heap: number;
  readonly warnings: readonly string[];
  /** Errors that the app did not expect. */
  readonly errors: readonly string[];
}

/** A request to the server: to report its state at once or after garbage collections, or to stop. */
export type ServerRequest = "report" | "measure" | "stop";

/** A request to the process that attacks the server. Without a name, it only uses the CPU. */
export interface AttackRequest {
  readonly name?: string;
  readonly ms: number;
}

/** The report of that process at the end of an attack. */
export interface AttackReport {
  /** How often the attack was repeated. */
  readonly rounds: number;
  /** Responses that a client must not get: a status above 500, or none. */
  readonly failures: readonly string[];
}
