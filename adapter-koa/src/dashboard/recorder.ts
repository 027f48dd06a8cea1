import { describe } from "../live/live-error.js";
import type { Socket } from "../live/socket/socket.js";
import { channels, type LiveTrace, onFinished, type ViewChannel } from "../live/tracing/tracing.js";
import {
  type Operation,
  percentilesOf,
  type Report,
  type ReportedView,
  round,
  type ViewDetail,
} from "./report.js";

/** How many operations, views and durations are kept. */
const kept = { recent: 20, slow: 20, errors: 20, views: 100, durations: 2000 };
const maxNameLength = 60;

interface KnownView extends ReportedView {
  readonly socket: Socket;
  readonly recent: Operation[];
}

/** Records what the views of this process do, from now on. Its size does not grow with the number of events. */
export class Recorder {
  readonly #node: string;
  readonly #slowMs: number;
  readonly #views = new Map<object, KnownView>();
  readonly #slow: Operation[] = [];
  readonly #errors: Operation[] = [];
  #connections = 0;
  #events: number[] = [];
  #renders: number[] = [];
  #eventCount = 0;
  #renderCount = 0;
  #mailbox = 0;
  #since = performance.now();

  /**
   * @param node identifies this process
   * @param slowMs the duration of a slow operation, in milliseconds
   */
  constructor(node: string, slowMs: number) {
    this.#node = node;
    this.#slowMs = slowMs;
    const { connection, ...ofViews } = channels;
    connection.start.subscribe(() => this.#connections++);
    onFinished(connection, () => this.#connections--);
    for (const stage of Object.keys(ofViews) as ViewChannel[])
      onFinished<LiveTrace>(channels[stage], (trace) => this.#record(stage, trace));
  }

  /**
   * Returns what has happened since the last call.
   *
   * @param watched the ids of the views whose details are wanted
   */
  report(watched: ReadonlySet<string>): Report {
    const now = performance.now();
    const seconds = Math.max(0.001, (now - this.#since) / 1000);
    const views = [...this.#views.values()];
    const report: Report = {
      type: "report",
      node: this.#node,
      pid: process.pid,
      connections: this.#connections,
      routes: countByRoute(views),
      views: views.slice(-kept.views).map(toReported),
      viewCount: views.length,
      eventsPerSecond: round(this.#eventCount / seconds),
      rendersPerSecond: round(this.#renderCount / seconds),
      event: percentilesOf(this.#events),
      render: percentilesOf(this.#renders),
      mailbox: this.#mailbox,
      memory: process.memoryUsage.rss(),
      slow: [...this.#slow],
      errors: [...this.#errors],
      details: views.filter(({ id }) => watched.has(id)).map(toDetail),
    };
    this.#since = now;
    this.#events = [];
    this.#renders = [];
    this.#eventCount = this.#renderCount = this.#mailbox = 0;
    return report;
  }

  #record(stage: ViewChannel, trace: LiveTrace): void {
    const { duration = 0, mailbox, outcome, socket } = trace;
    this.#mailbox = Math.max(this.#mailbox, mailbox);
    if (stage === "event") {
      this.#eventCount++;
      if (this.#events.length < kept.durations) this.#events.push(duration);
    }
    if (stage === "render") {
      this.#renderCount++;
      if (this.#renders.length < kept.durations) this.#renders.push(duration);
    }
    if (stage === "join" && outcome === "ok") this.#add(trace);
    const operation = toOperation(stage, trace);
    if (duration >= this.#slowMs) keepLast(this.#slow, operation, kept.slow);
    if (outcome === "error") keepLast(this.#errors, operation, kept.errors);
    const view = socket && this.#views.get(socket);
    if (view && stage !== "render") keepLast(view.recent, operation, kept.recent);
  }

  #add({ socket, view, route }: LiveTrace): void {
    if (!socket || socket.signal.aborted) return;
    const { id } = socket;
    this.#views.set(socket, { id, view, route, since: Date.now(), socket, recent: [] });
    socket.signal.addEventListener("abort", () => this.#views.delete(socket), { once: true });
  }
}

function keepLast(list: Operation[], operation: Operation, max: number): void {
  list.push(operation);
  if (list.length > max) list.shift();
}

function toOperation(
  stage: string,
  { view, event, duration = 0, outcome = "", error }: LiveTrace,
): Operation {
  const { code, name } = Object(error) as { readonly code?: unknown; readonly name?: unknown };
  return {
    at: Date.now(),
    view,
    stage,
    duration: round(duration),
    outcome,
    ...(event !== undefined && { event: event.slice(0, maxNameLength) }),
    ...(outcome === "error" && { error: String(code ?? name ?? "error") }),
  };
}

const toReported = ({ id, view, route, since }: KnownView): ReportedView => ({
  id,
  view,
  route,
  since,
});

function toDetail(known: KnownView): ViewDetail {
  const assigns = Object.entries(known.socket.assigns).map(([name, value]) => ({
    name,
    shape: shapeOf(value),
  }));
  return { ...toReported(known), assigns, recent: [...known.recent] };
}

/** Describes a value by its type and size. Omits its content, and the keys of objects, which may be user data too. */
function shapeOf(value: unknown): string {
  if (value === null) return "null";
  if (typeof value !== "object") return typeof value === "string" ? describe(value) : typeof value;
  const prototype = Object.getPrototypeOf(value);
  const isPlain = prototype === Object.prototype || prototype === null;
  const { length } = Object.keys(value);
  return isPlain ? `an object with ${length} ${length === 1 ? "key" : "keys"}` : describe(value);
}

function countByRoute(views: readonly KnownView[]): Report["routes"] {
  const counts = new Map<string, number>();
  for (const { route } of views) counts.set(route, (counts.get(route) ?? 0) + 1);
  return Array.from(counts, ([route, views]) => ({ route, views }));
}
