import type { LiveHealth } from "@live-session/adapter-koa";

/** The report of one process of the app. */
export interface ProcessReport extends LiveHealth {
  readonly pid: number;
  /** CPU time since its start, and the time of the report, in microseconds. */
  readonly cpu: number;
  readonly at: number;
  readonly rss: number;
  /** Bytes on the heap. */
  readonly heap: number;
  /** The number of resources that keep the process running: sockets, timers, requests. */
  readonly handles: number;
  /** The process ids of the views that are present, as this process knows them: one for each view. */
  readonly present: readonly number[];
  /** The number of objects that the views of this process have received as ticks. */
  readonly decoded: number;
  /** The number of numbered messages that this process has broadcast. */
  readonly sent: number;
  /** Errors of the app, by their codes or messages. */
  readonly errors: readonly string[];
}

/** A request to one process of the app, or to all. */
export type ProcessRequest =
  /** Reports the state at once, or after garbage collections. */
  | { readonly type: "report"; readonly gc?: boolean }
  /** Broadcasts numbered messages, this many milliseconds apart; 0 stops that. */
  | { readonly type: "feed"; readonly everyMs: number }
  | { readonly type: "disconnect"; readonly user: string }
  | { readonly type: "tick"; readonly n: number };

/** A message to the first process, which passes it to the others. */
export interface ToProcesses {
  readonly id: number;
  /** The process that gets the request; all by default. */
  readonly pid?: number;
  readonly request: ProcessRequest;
}

/** A message of the first process. */
export type FromProcesses =
  | { readonly type: "listening" | "exit"; readonly pid: number }
  | { readonly type: "reply"; readonly id: number; readonly report: ProcessReport }
  /** The number of resources that keep the first process itself running. */
  | { readonly type: "first"; readonly id: number; readonly handles: number };

/** A numbered message of the feed. */
export interface FeedMessage {
  readonly sender: string;
  readonly n: number;
}

/** The messages of the feed that a page has received. */
export interface FeedState {
  /** The number of the last message of each sender. */
  readonly last: Readonly<Record<string, number>>;
  readonly received: number;
  /** Messages that came twice, or after a gap. */
  readonly faults: readonly string[];
}

/** The topic of the feed, and the limits of its messages. */
export const feedTopic = "feed";
export const replay = {
  topics: (topic: string) => topic === feedTopic,
  length: 20_000,
  age: 600_000,
};
export const prefix = "bench:";
