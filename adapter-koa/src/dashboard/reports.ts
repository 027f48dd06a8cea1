import { nanoid } from "nanoid";
import { isThenable } from "../live/maybe-promise.js";
import type { PubSub } from "../live/runtime/pub-sub.js";
import type { MessageSource } from "../live/socket/tracker.js";
import { Recorder } from "./recorder.js";
import { type Report, type Total, totalOf } from "./report.js";

/** How many reports the plots show. */
const historyLength = 60;
/** After how many intervals without a report a process counts as ended. */
const maxMissing = 5;

interface Watch {
  readonly type: "watch";
  /** The views whose details are wanted. */
  readonly details: readonly string[];
}

interface Watcher {
  readonly notify: (message: unknown) => void;
  readonly detail: string | undefined;
}

/** Exchanges reports between the processes, while a dashboard is open in one of them. */
export class Reports {
  /** The totals of the last intervals, the newest last. */
  history: readonly Total[] = [];
  readonly #recorder: Recorder;
  readonly #pubSub: PubSub;
  readonly #topic: string;
  readonly #interval: number;
  readonly #reports = new Map<string, { readonly report: Report; missing: number }>();
  readonly #watchers = new Set<Watcher>();
  /** How many more intervals this process reports. */
  #watchedFor = 0;
  #details: ReadonlySet<string> = new Set();

  constructor(
    pubSub: PubSub,
    { topic, interval, slow }: { topic: string; interval: number; slow: number },
  ) {
    this.#recorder = new Recorder(nanoid(), slow);
    this.#pubSub = pubSub;
    this.#topic = topic;
    this.#interval = interval;
    this.#attempt(() => pubSub.subscribe(topic, (message) => this.#receive(message)));
    setInterval(() => this.#tick(), interval).unref();
  }

  /** The last report of each process. */
  get all(): readonly Report[] {
    return Array.from(this.#reports.values(), ({ report }) => report);
  }

  /** Notifies a view of new reports, as long as it is subscribed. @param detail the id of a view to describe */
  source(detail?: string): MessageSource {
    return {
      topic: this.#topic,
      subscribe: (notify) => {
        const watcher = { notify, detail };
        this.#watchers.add(watcher);
        this.#watch();
        return () => this.#watchers.delete(watcher);
      },
    };
  }

  #tick(): void {
    if (this.#watchers.size > 0) this.#watch();
    if (this.#watchedFor > 0) {
      this.#watchedFor--;
      this.#send(this.#recorder.report(this.#details));
    }
    for (const [node, known] of this.#reports)
      if (++known.missing > maxMissing) this.#reports.delete(node);
    if (this.#watchers.size === 0) return;
    this.history = [...this.history, totalOf(this.all)].slice(-historyLength);
    for (const { notify } of this.#watchers) notify({ type: "reports" });
  }

  #watch(): void {
    const details = [...this.#watchers].flatMap(({ detail }) => detail ?? []);
    this.#send({ type: "watch", details });
  }

  #receive(message: unknown): void {
    const received = message as Report | Watch;
    if (received.type === "report")
      this.#reports.set(received.node, { report: received, missing: 0 });
    if (received.type !== "watch") return;
    // The first report covers the time since the last dashboard was closed, which would be an average of hours.
    if (this.#watchedFor === 0) this.#recorder.report(new Set());
    this.#watchedFor = maxMissing;
    this.#details = new Set(received.details);
  }

  #send(message: Report | Watch): void {
    this.#attempt(() => this.#pubSub.broadcast(this.#topic, message));
  }

  /** Ignores errors of the PubSub: `createLive` and its adapter report them. */
  #attempt(call: () => unknown): void {
    try {
      const result = call();
      if (isThenable(result)) result.then(undefined, () => {});
    } catch {}
  }

  /** The seconds between two reports. */
  get seconds(): number {
    return this.#interval / 1000;
  }
}
