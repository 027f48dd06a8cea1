/** The percentiles of durations, in milliseconds; 0 if there were none. */
export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** One finished operation of a view. It contains no payload and no error message. */
export interface Operation {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly view: string;
  readonly stage: string;
  /** The name of the event or the key of the task. */
  readonly event?: string;
  readonly duration: number;
  readonly outcome: string;
  /** The code or the class of an exception. */
  readonly error?: string;
}

/** A connected view. */
export interface ReportedView {
  readonly id: string;
  readonly view: string;
  readonly route: string;
  /** When it was joined, in milliseconds since 1970. */
  readonly since: number;
}

/** The details of one view: shapes instead of values. */
export interface ViewDetail extends ReportedView {
  readonly assigns: readonly { readonly name: string; readonly shape: string }[];
  readonly recent: readonly Operation[];
}

/** The activity of one process during the last interval. */
export interface Report {
  readonly type: "report";
  /** Identifies the process. */
  readonly node: string;
  readonly pid: number;
  readonly connections: number;
  readonly routes: readonly { readonly route: string; readonly views: number }[];
  readonly views: readonly ReportedView[];
  readonly viewCount: number;
  readonly eventsPerSecond: number;
  readonly rendersPerSecond: number;
  readonly event: Percentiles;
  readonly render: Percentiles;
  /** The longest mailbox. */
  readonly mailbox: number;
  /** The resident memory in bytes. */
  readonly memory: number;
  readonly slow: readonly Operation[];
  readonly errors: readonly Operation[];
  readonly details: readonly ViewDetail[];
}

/** Returns the percentiles of durations. */
export function percentilesOf(durations: readonly number[]): Percentiles {
  const sorted = [...durations].sort((a, b) => a - b);
  const at = (part: number) => round(sorted[Math.ceil(sorted.length * part) - 1] ?? 0);
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

/** Rounds to a tenth, so that equal values are not sent again. */
export const round = (value: number): number => Math.round(value * 10) / 10;

/** Adds up what several processes did. A percentile of the total is the largest one of a process. */
export function totalOf(reports: readonly Report[]) {
  const sum = (read: (report: Report) => number) => round(reports.reduce((n, r) => n + read(r), 0));
  const max = (read: (report: Report) => number) => Math.max(0, ...reports.map(read));
  const largest = (read: (report: Report) => Percentiles): Percentiles => ({
    p50: max((report) => read(report).p50),
    p95: max((report) => read(report).p95),
    p99: max((report) => read(report).p99),
  });
  return {
    connections: sum(({ connections }) => connections),
    viewCount: sum(({ viewCount }) => viewCount),
    eventsPerSecond: sum(({ eventsPerSecond }) => eventsPerSecond),
    rendersPerSecond: sum(({ rendersPerSecond }) => rendersPerSecond),
    event: largest(({ event }) => event),
    render: largest(({ render }) => render),
    mailbox: max(({ mailbox }) => mailbox),
    memory: sum(({ memory }) => memory),
  };
}

/** The totals of all processes, as {@link totalOf} returns them. */
export type Total = ReturnType<typeof totalOf>;
