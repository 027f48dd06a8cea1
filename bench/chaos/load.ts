import { setTimeout as sleep } from "node:timers/promises";
import type { FeedState } from "../cluster/protocol.js";
import { getJoinInfo, inParallel } from "../load/client.js";
import { KeptPage } from "../load/kept-page.js";
import { until } from "../load/until.js";
import { feedSender } from "./feed.js";

/** The longest pause of a page between two events, in milliseconds. */
const pauseMs = 1000;
const requestMs = 20_000;

/** Counts in a table. An entry without an answer is sent again, so that the entries of a writer have no gaps. */
export class Writer {
  readonly id: number;
  /** The number of entries that were acknowledged, and when the last one was. */
  acknowledged = 0;
  acknowledgedAt = 0;

  constructor(id: number) {
    this.id = id;
  }

  /** @param send returns whether the entry was acknowledged */
  async add(send: (entry: { page: number; n: number }) => Promise<boolean>): Promise<boolean> {
    const n = this.acknowledged + 1;
    const isAcknowledged = await send({ page: this.id, n });
    if (isAcknowledged) {
      this.acknowledged = n;
      this.acknowledgedAt = performance.now();
    }
    return isAcknowledged;
  }
}

/** The requests that may fail: any, because a process does not answer; posts, because the database does not; or none. */
export type Tolerance = "requests" | "posts" | "nothing";

/** Pages that send events, and visitors who load pages and post. */
export class Load {
  readonly pages: readonly KeptPage[];
  readonly writers: readonly Writer[];
  /** The requests that may fail at the moment. */
  tolerates: Tolerance = "nothing";
  /** The number of requests, and the failures that were not tolerated. */
  count = 0;
  readonly failures: string[] = [];
  readonly #port: number;
  readonly #poster = new Writer(-1);
  #isOver = false;

  private constructor(port: number, pages: readonly KeptPage[]) {
    this.#port = port;
    this.pages = pages;
    const writers = pages.map((page, id) => {
      const writer = new Writer(id);
      void page.repeat(pauseMs, () => page.increment());
      void page.repeat(pauseMs, async () => {
        await writer.add(async (entry) => (await page.send("add", entry)) !== undefined);
      });
      return writer;
    });
    this.writers = [...writers, this.#poster];
    void this.#request("GET", ["requests"], () => this.#fetch("/counter", 200));
    void this.#request("POST", ["requests", "posts"], () => this.#post());
  }

  /** Opens pages, and sends events until the load is closed. */
  static async open(port: number, count: number): Promise<Load> {
    const pages = await inParallel(count, 10, async () => {
      const info = await getJoinInfo(port, "/work", "", false);
      return new KeptPage(port, "/work", info);
    });
    await until(() => pages.every(({ isJoined }) => isJoined), "all pages are joined");
    return new Load(port, pages);
  }

  /** Resolves when all pages have their views, and each writer has got an answer from now on. */
  async settled(): Promise<void> {
    const now = performance.now();
    const isSettled = () =>
      this.pages.every(({ isJoined }) => isJoined) &&
      this.writers.every(({ acknowledgedAt }) => acknowledgedAt > now);
    await until(isSettled, "all pages have their views and answers").catch((error: Error) => {
      const down = this.pages.filter(({ isJoined }) => !isJoined).length;
      const silent = this.writers.filter(({ acknowledgedAt }) => acknowledgedAt <= now);
      const ids = silent.map(({ id }) => id);
      throw new Error(`${down} pages are down, writers without an answer: ${ids}`, {
        cause: error,
      });
    });
  }

  /** Resolves when every page has received the feed up to a number, with what each has received. */
  feeds(last: number): Promise<FeedState[]> {
    return Promise.all(
      this.pages.map(async (page) => {
        let state: FeedState | undefined;
        const isComplete = async () => {
          const answer = (await page.send("feed")) as { reply?: { feed: FeedState } } | undefined;
          state = answer?.reply?.feed ?? state;
          return (state?.last[feedSender] ?? 0) >= last;
        };
        await until(isComplete, `a page has received message ${last}`).catch(() => {});
        return state ?? { last: {}, received: 0, faults: ["no answer"] };
      }),
    );
  }

  close(): void {
    this.#isOver = true;
    for (const page of this.pages) page.stop();
  }

  /** Sends requests, one after the other. @param unless when they may fail */
  async #request(
    name: string,
    unless: readonly Tolerance[],
    send: () => Promise<unknown>,
  ): Promise<void> {
    while (!this.#isOver) {
      this.count++;
      const { tolerates } = this;
      await send().catch((error: Error) => {
        if (unless.includes(tolerates) || unless.includes(this.tolerates)) return;
        this.failures.push(`${name}: ${error.cause ?? error}`);
      });
      await sleep(10);
    }
  }

  #post(): Promise<boolean> {
    return this.#poster.add(async ({ page, n }) => {
      await this.#fetch(`/entries?page=${page}&n=${n}`, 201, { method: "POST" });
      return true;
    });
  }

  /** Sends a request on a connection of its own, which the next process accepts. */
  async #fetch(path: string, expected: number, options: RequestInit = {}): Promise<void> {
    const response = await fetch(`http://127.0.0.1:${this.#port}${path}`, {
      ...options,
      headers: { connection: "close" },
      signal: AbortSignal.timeout(requestMs),
    });
    await response.arrayBuffer();
    if (response.status !== expected) throw new Error(`the app responded with ${response.status}`);
  }
}
