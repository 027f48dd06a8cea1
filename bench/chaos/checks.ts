import type { FeedState } from "../cluster/protocol.js";
import type { Figure } from "../rows/figures.js";
import { feedSender } from "./feed.js";
import type { Load } from "./load.js";
import { grown, type Resources } from "./resources.js";

/** Creates a row. */
const row = (
  name: string,
  measured: string,
  target: string,
  value: number,
  met: boolean,
): Figure => ({
  name,
  value,
  measured,
  target,
  liveView: "",
  met,
});

const sum = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);

/** Checks that a row's count is zero. */
const none = (name: string, count: number, measured: string): Figure =>
  row(name, measured, "0", count, count === 0);

/** The entries of a writer in the database. */
export interface StoredEntries {
  readonly page: number;
  readonly last: number;
  readonly count: number;
}

/** Checks that everything that was acknowledged has stayed: kept assigns, and entries in the database. */
export function eventRows({ pages, writers }: Load, stored: readonly StoredEntries[]): Figure[] {
  const acknowledged = sum(pages.map((page) => page.acknowledged));
  const lost = sum(pages.map((page) => page.lost + page.refusals.length));
  const entries = sum(writers.map((writer) => writer.acknowledged));
  const countOf = (id: number) => stored.find(({ page }) => page === id)?.count ?? 0;
  const missing = sum(
    writers.map((writer) => Math.max(0, writer.acknowledged - countOf(writer.id))),
  );
  return [
    none("acknowledged changes of kept assigns that were lost", lost, `${lost} of ${acknowledged}`),
    none("acknowledged entries that the database has lost", missing, `${missing} of ${entries}`),
  ];
}

/**
 * Checks the numbered topic. Messages of a process that was killed may be missing at their end: those that Redis has not received.
 *
 * @param sent the messages of the feed
 * @param living the processes that run, with the number of their messages
 */
export function feedRows(
  feeds: readonly FeedState[],
  sent: number,
  living: ReadonlyMap<string, number>,
): Figure[] {
  const missing = sum(feeds.map(({ last }) => sent - (last[feedSender] ?? 0)));
  const faults = feeds.flatMap((feed) => feed.faults);
  const senders = [...new Set(feeds.flatMap(({ last }) => Object.keys(last)))];
  const differing = senders.filter((sender) => {
    const lasts = new Set(feeds.map(({ last }) => last[sender] ?? 0));
    const expected = living.get(sender);
    return lasts.size > 1 || (expected !== undefined && !lasts.has(expected));
  });
  for (const fault of faults.slice(0, 5)) process.stderr.write(`${fault}\n`);
  const received = sum(feeds.map((feed) => feed.received));
  return [
    none(
      `numbered messages, ${feeds.length} views: missing; twice, or after a gap; senders whose end differs`,
      missing + faults.length + differing.length,
      `${missing}; ${faults.length}; ${differing.length} of ${senders.length} (${sent} messages, ${received} received)`,
    ),
  ];
}

/** Checks for how long the views of killed processes stayed listed as present. */
export function stalePresenceRow(staleTimes: readonly number[], limitMs: number): Figure {
  const longest = Math.max(0, ...staleTimes);
  const measured = `${(longest / 1000).toFixed(1)} s (${staleTimes.length} kills)`;
  const name = "presence: longest time until the views of a killed process have disappeared";
  return row(name, measured, `≤ ${(limitMs / 1000).toFixed(1)} s`, longest, longest <= limitMs);
}

/** Checks how many views are present that are not open, or missing, in any process. */
export const presenceRow = (wrong: number, views: number): Figure =>
  none("presence at the end: entries too many or too few", wrong, `${wrong} (${views} views)`);

/** Checks that all pages have their views again. */
export function recoveryRow(recoveries: readonly number[], joined: number, all: number): Figure {
  const longest = Math.max(...recoveries);
  return row(
    "views back at the end; longest time until all pages work after a disturbance",
    `${joined} of ${all}; ${(longest / 1000).toFixed(1)} s`,
    "all",
    longest,
    joined === all,
  );
}

/** Checks requests that were sent while no process was disturbed. */
export function requestRow({ count, failures }: Load): Figure {
  for (const failure of failures.slice(0, 5)) process.stderr.write(`${failure}\n`);
  const name = "failed requests, except while a process, or for posts the database, is away";
  return none(name, failures.length, `${failures.length} of ${count}`);
}

/** Errors of the app while Redis or the database is away. */
const expected =
  /ECONN|EPIPE|Socket|socket|Connection|connect|ETIMEDOUT|PROTOCOL_|Timeout|shutdown/i;

/** Checks the errors of all processes that run. */
export function errorRow(errors: readonly string[]): Figure {
  const unexpected = errors.filter((error) => !expected.test(error));
  const kinds = [...new Set(unexpected)].slice(0, 3).join(", ");
  const name = "errors of the app, except those of connections";
  return none(name, unexpected.length, `${unexpected.length} ${kinds}`.trim());
}

/** How many bytes a heap may be larger than before. */
const maxGrowth = 8 * 2 ** 20;

/** Checks that nothing is left when the pages are closed. */
export function leakRows(now: Resources, before: Resources): Figure[] {
  const more = grown(now, before);
  const growth = now.heap - before.heap;
  return [
    none(
      "resources left, of each process, Redis and the database",
      more.length,
      more.join(", ") || "0",
    ),
    row(
      "growth of the largest heap, after gc",
      `${(growth / 2 ** 20).toFixed(1)} MB`,
      `≤ ${maxGrowth / 2 ** 20} MB`,
      growth,
      growth <= maxGrowth,
    ),
  ];
}

/** Checks that one signal ends all processes. */
export const endRow = (code: number | null, running: number): Figure =>
  row(
    "after one SIGTERM: exit code; processes that still run",
    `${code}; ${running}`,
    "0; 0",
    running,
    code === 0 && running === 0,
  );
