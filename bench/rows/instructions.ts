import { get, inParallel, visit } from "../load/client.js";
import { echoes, events, repeated, ticking, type Visits } from "../load/load.js";
import { RawSocket } from "../load/raw-socket.js";
import type { Subject } from "../load/rounds.js";
import { CountedServer, type CounterKind } from "../servers/counted-server.js";
import { MeasuredServer } from "../servers/measured-server.js";
import { keystroke } from "../servers/pages.js";
import { names } from "./figures.js";

/** Instructions of one operation, by the name of what is counted. */
type Counts = Readonly<Record<string, number>>;

/** The number of connections: few, because a server under callgrind is slow, and its cost for each event hardly depends on it. */
const connections = 5;

/** The number of operations of a sample, and how many of them run before the first one. */
interface Amount {
  readonly operations: number;
  readonly warmUp: number;
}

const shortEvents: Amount = { operations: 200, warmUp: 6000 };
const longEvents: Amount = { operations: 50, warmUp: 600 };
const requests: Amount = { operations: 50, warmUp: 800 };
const largePages: Amount = { operations: 10, warmUp: 100 };

/** Counts the instructions of a server's operations, one kind after another. */
class Counting {
  readonly #counted: CountedServer;
  readonly counts: Record<string, number> = {};

  constructor(counted: CountedServer) {
    this.#counted = counted;
  }

  async visits(name: string, visits: Visits, { operations, warmUp }: Amount): Promise<void> {
    await this.#collectGarbage();
    await visits.repeat(warmUp);
    const run = () => visits.repeat(operations);
    this.counts[name] = await this.#counted.count({ server: visits.server, run });
    visits.close();
  }

  async jobs(name: string, { operations, warmUp }: Amount, job: () => Promise<unknown>) {
    const { server } = this.#counted;
    await this.#collectGarbage();
    await repeated(server, warmUp, job).run();
    this.counts[name] = await this.#counted.count(repeated(server, operations, job));
  }

  async ticks(name: string, sockets: readonly RawSocket[]): Promise<void> {
    const subject: Subject = ticking(this.#counted.server, sockets);
    await this.#collectGarbage();
    for (let run = 0; run < 50; run++) await subject.run();
    this.counts[name] = await this.#counted.count(subject);
  }

  /** Runs before a warm-up, because V8 also discards compiled code. */
  async #collectGarbage(): Promise<void> {
    await this.#counted.server.measure({ gc: true });
  }
}

/** The number of sockets that receive a broadcast. */
const audience = 40;

async function countOurs(counted: CountedServer): Promise<Counts> {
  const { server } = counted;
  const { port } = server;
  const counting = new Counting(counted);
  const count = async (name: string, path: string, event: string, amount: Amount) =>
    counting.visits(name, await events(server, path, event, connections), amount);
  await count("counter", "/counter", "inc", shortEvents);
  await count("kept", "/kept", "inc", shortEvents);
  for (const event of ["cell", "prepend", "rotate", "remove"])
    await count(event, "/list", event, longEvents);
  await count("keystroke", "/components", keystroke, longEvents);
  const open = async () => (await visit(port, "/tick")).socket;
  await counting.ticks("broadcast", await inParallel(audience, 5, open));
  const { cookie } = await get(port, "/counter");
  await counting.jobs("page", requests, () => get(port, "/counter", cookie));
  for (const [name, path] of [
    ["join", "/counter"],
    ["adoptedJoin", "/adopted"],
  ] as const)
    await counting.jobs(name, requests, async () =>
      (await visit(port, path, cookie)).socket.terminate(),
    );
  await counting.jobs("listPage", largePages, () => get(port, "/list", cookie));
  return counting.counts;
}

async function countEchoes(counted: CountedServer): Promise<Counts> {
  const { server } = counted;
  const counting = new Counting(counted);
  await counting.visits("event", await echoes(server, connections), shortEvents);
  const open = () => RawSocket.open(server.port, "/");
  await counting.ticks("broadcast", await inParallel(audience, 5, open));
  await counting.jobs("join", requests, async () => (await open()).terminate());
  return counting.counts;
}

/** Counts what Koa needs for a page with some HTML. */
const countPage = (html: string, amount: Amount) => async (counted: CountedServer) => {
  const { server } = counted;
  server.serve(html);
  const counting = new Counting(counted);
  const { cookie } = await get(server.port, "/");
  await counting.jobs("page", amount, () => get(server.port, "/", cookie));
  return counting.counts;
};

/** Starts a server, counts, and stops it. */
async function countOn(
  role: Parameters<typeof CountedServer.start>[0],
  counter: CounterKind,
  count: (counted: CountedServer) => Promise<Counts>,
): Promise<Counts> {
  const counted = await CountedServer.start(role, counter);
  try {
    return await count(counted);
  } finally {
    await counted.stop();
  }
}

/** Returns the HTML of our pages, which bare Koa sends. */
async function loadPages(): Promise<{ counter: string; list: string }> {
  const live = await MeasuredServer.start("live");
  const load = async (path: string) => (await get(live.port, path)).html;
  const pages = { counter: await load("/counter"), list: await load("/list") };
  await live.stop();
  return pages;
}

/** Counts on our server and at the same time on the bare ones, because other work does not change the counts. */
async function countAll(counter: CounterKind) {
  const pages = await loadPages();
  const counting = countOn("live", counter, countOurs);
  const echo = await countOn("echo", counter, countEchoes);
  const koa = await countOn("koa", counter, countPage(pages.counter, requests));
  const session = await countOn("session", counter, countPage(pages.counter, requests));
  const list = await countOn("koa", counter, countPage(pages.list, largePages));
  return { ours: await counting, echo, koa, session, list };
}

/** Counts the instructions of operations. @returns them by the names of the rows of the table */
export async function countInstructions(
  counter: CounterKind,
): Promise<ReadonlyMap<string, string>> {
  const { ours, echo, koa, session, list } = await countAll(counter);
  const bare: Record<keyof typeof names, number | undefined> = {
    counter: echo.event,
    kept: ours.counter,
    cell: echo.event,
    prepend: echo.event,
    rotate: echo.event,
    remove: echo.event,
    keystroke: echo.event,
    broadcast: echo.broadcast,
    page: session.page,
    barePage: koa.page,
    join: echo.join,
    adoptedJoin: echo.join,
    listPage: list.page,
  };
  const texts = (Object.keys(names) as (keyof typeof names)[]).map((key) => {
    const cost = ours[key === "barePage" ? "page" : key] ?? Number.NaN;
    return [names[key], describe(cost, bare[key] ?? Number.NaN)] as const;
  });
  return new Map(texts);
}

const thousands = (count: number): string =>
  `${(count / 1000).toLocaleString("en", { maximumFractionDigits: 0 })} k`;

const describe = (ours: number, bare: number): string =>
  `${(bare / ours).toFixed(3)} (${thousands(ours)} against ${thousands(bare)})`;
