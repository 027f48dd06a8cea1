import { Agent, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { RedisServer } from "../../adapter-koa/test/support/processes/redis-server.js";
import { feedRows } from "../chaos/checks.js";
import { Feed, feedSender } from "../chaos/feed.js";
import { getJoinInfo, inParallel } from "../load/client.js";
import { KeptPage, likeBrowser } from "../load/kept-page.js";
import { quantile } from "../load/rounds.js";
import { until } from "../load/until.js";
import type { Figure } from "../rows/figures.js";
import { AppProcesses } from "./app-processes.js";
import { CpuSampler } from "./cpu-sampler.js";
import type { FeedState } from "./protocol.js";

const processes = 4;
const pageCount = 2000;
/** The pages that also receive numbered messages. */
const feedPages = 100;
const drainSeconds = 20;
/** The longest time between two clicks of a page, in milliseconds. */
const clickMs = 8000;
/** Milliseconds between two numbered messages. */
const feedMs = 50;
/** How long the usual load is measured, in milliseconds. */
const usualMs = 15_000;

/** Requests that a deployment may not let fail: on connections of their own, and on one that is kept open, as a proxy does. */
class Requests {
  count = 0;
  readonly failures: string[] = [];
  readonly #port: number;
  #isOver = false;

  constructor(port: number) {
    this.#port = port;
    void this.#repeat("new", () => new Agent({ keepAlive: false }));
    const kept = new Agent({ keepAlive: true, maxSockets: 1 });
    void this.#repeat("kept", () => kept);
  }

  stop(): void {
    this.#isOver = true;
  }

  async #repeat(name: string, agent: () => Agent): Promise<void> {
    while (!this.#isOver) {
      this.count++;
      await this.#get(agent()).catch((error: Error) =>
        this.failures.push(`${error.message} (${name} connection)`),
      );
      await sleep(20);
    }
  }

  #get(agent: Agent): Promise<void> {
    return new Promise((resolve, reject) => {
      const sent = request(
        { host: "127.0.0.1", port: this.#port, path: "/counter", agent },
        (response) => {
          response.resume().on("error", reject);
          response.on("end", () => {
            if (response.statusCode === 200) resolve();
            else reject(new Error(`the app responded with ${response.statusCode}`));
          });
        },
      );
      sent.on("error", reject).end();
    });
  }
}

/** Pages whose visitors click. */
class Visitors {
  readonly pages: KeptPage[] = [];
  #waiting = 0;
  #isOver = false;

  async open(port: number, path: string, count: number): Promise<void> {
    const infos = await inParallel(count, 20, () => getJoinInfo(port, path, "", false));
    await inParallel(count, 8, async (i) => {
      const page = new KeptPage(port, path, infos[i] as (typeof infos)[number]);
      this.pages.push(page);
      await until(() => page.isJoined, "a page is joined");
      void page.repeat(clickMs, () => this.#click(page));
    });
  }

  /** Waits until all clicks are answered and all pages have their views. */
  async settle(): Promise<void> {
    this.#isOver = true;
    const isSettled = () => this.#waiting === 0 && this.pages.every(({ isJoined }) => isJoined);
    await until(isSettled, "all pages have their views and answers");
  }

  close(): void {
    for (const page of this.pages) page.stop();
  }

  async #click(page: KeptPage): Promise<void> {
    if (this.#isOver) return;
    this.#waiting++;
    await page.increment();
    this.#waiting--;
  }
}

/** Asks the pages with numbered messages what they have received, when all have the last message. */
function feedsOf(pages: readonly KeptPage[], last: number): Promise<FeedState[]> {
  return Promise.all(
    pages.map(async (page) => {
      let state: FeedState = { last: {}, received: 0, faults: [] };
      const isComplete = async () => {
        const answer = (await page.send("feed")) as { reply?: { feed: FeedState } } | undefined;
        state = answer?.reply?.feed ?? state;
        return (state.last[feedSender] ?? 0) >= last;
      };
      await until(isComplete, `a page has received message ${last}`).catch(() => {});
      return state;
    }),
  );
}

/** Replaces four processes one after the other while pages are open, and measures what visitors notice. */
export const deployFigures = (): Promise<Figure[]> => likeBrowser(measureDeploy);

async function measureDeploy(): Promise<Figure[]> {
  const ends: (() => unknown)[] = [];
  const after = (end: () => unknown) => ends.unshift(end);
  try {
    const redis = await RedisServer.start({ after });
    const app = await AppProcesses.start({ processes, redisUrl: redis.url, drainSeconds });
    after(() => app.kill());
    const visitors = new Visitors();
    after(() => visitors.close());
    await visitors.open(app.port, "/kept", pageCount - feedPages);
    await visitors.open(app.port, "/work", feedPages);
    const feed = Feed.start(redis.url, feedMs);
    const requests = new Requests(app.port);
    const cpu = new CpuSampler(app);
    await sleep(usualMs);
    const usual = cpu.takePeak();
    const start = performance.now();
    await app.deploy();
    const seconds = (performance.now() - start) / 1000;
    const peak = cpu.takePeak();
    cpu.stop();
    requests.stop();
    await visitors.settle();
    const sent = await feed.stop();
    const feeds = await feedsOf(visitors.pages.slice(-feedPages), sent);
    return [
      ...visitorRows(visitors.pages, requests),
      ...feedRows(feeds, sent, new Map()),
      cpuRow(usual, peak, seconds),
    ];
  } finally {
    for (const end of ends) await end();
  }
}

const sum = (values: readonly number[]): number => values.reduce((total, each) => total + each, 0);

function visitorRows(pages: readonly KeptPage[], { count, failures }: Requests): Figure[] {
  for (const failure of failures.slice(0, 5)) process.stderr.write(`${failure}\n`);
  const sent = sum(pages.map((page) => page.sent));
  const events = sum(pages.map((page) => Math.abs(page.sent - page.shown)));
  const kept = sum(pages.map((page) => page.lost + page.refusals.length));
  const away = pages.map(({ joinedAt, lostAt }) => joinedAt - lostAt);
  return [
    {
      name: `rolling deploy of ${processes} processes, ${pageCount} pages: requests that failed; events lost or handled twice; kept changes lost`,
      value: failures.length + events + kept,
      measured: `${failures.length} of ${count}; ${events} of ${sent}; ${kept}`,
      target: "0; 0; 0",
      liveView: "–",
      met: failures.length + events + kept === 0,
    },
    {
      name: "… until the view of a page is back, p95",
      value: quantile(away, 0.95),
      measured: `${quantile(away, 0.95).toFixed(0)} ms`,
      target: "",
      liveView: "–",
    },
  ];
}

function cpuRow(usual: number, peak: number, seconds: number): Figure {
  const ratio = peak / usual;
  const percent = (part: number) => `${(100 * part).toFixed(0)} %`;
  return {
    name: `… peak CPU of a process that is not being replaced, relative to its usual peak (in ${drainSeconds} s a process)`,
    value: ratio,
    measured: `${ratio.toFixed(2)} × (${percent(peak)}, ${percent(usual)}; ${seconds.toFixed(0)} s)`,
    target: "≤ 2 ×",
    liveView: "–",
    met: ratio <= 2,
  };
}
