import { echoes, events } from "../load/load.js";
import { measureAlone, type Subject } from "../load/rounds.js";
import type { Chart, Line } from "../report/chart.js";
import type { PerformancePage } from "../report/performance-page.js";
import { MeasuredServer } from "../servers/measured-server.js";
import type { ServerRole } from "../servers/protocol.js";

/** Shows how the cost of an event grows with a size. */
interface Curve {
  /** The name of its image. */
  readonly name: string;
  readonly title: string;
  /** The size that grows. */
  readonly axis: string;
  readonly sizes: readonly number[];
  /** The page that is visited, its event, and the number of connections. */
  readonly visits: (size: number) => readonly [path: string, event: string, count: number];
}

const curves: readonly Curve[] = [
  {
    name: "rows",
    title: "Change one cell of a keyed list",
    axis: "rows, with 20 connections",
    sizes: [10, 100, 1000, 10_000],
    visits: (rows) => [`/list?rows=${rows}`, "cell", 20],
  },
  {
    name: "connections",
    title: "An event of the counter",
    axis: "connections",
    sizes: [100, 1000, 5000, 15_000],
    visits: (count) => ["/counter", "inc", count],
  },
  {
    name: "payload",
    title: "An event whose reply has a payload",
    axis: "bytes, with 20 connections",
    sizes: [10, 100, 1000, 10_000, 100_000],
    visits: (bytes) => [`/payload?bytes=${bytes}`, "next", 20],
  },
];

/** The names of the curves. */
export const curveNames: readonly string[] = curves.map(({ name }) => name);

/** Measures how costs grow, and writes the charts into the page about performance. */
export async function writeCurves(page: PerformancePage, names: readonly string[]): Promise<void> {
  for (const curve of curves.filter(({ name }) => names.includes(name)))
    page.replace(`curve ${curve.name}`, page.draw(curve.name, await toChart(curve)));
}

async function toChart({ title, axis, sizes, visits }: Curve): Promise<Chart> {
  const ours: Line["points"][number][] = [];
  const bare: Line["points"][number][] = [];
  for (const size of sizes) {
    process.stderr.write(`measuring ${title}: ${size} …\n`);
    const [path, event, count] = visits(size);
    // One after the other, because a process cannot open twice the largest number of sockets everywhere.
    const cost = await costOn("live", (server) => events(server, path, event, count));
    ours.push([size, cost]);
    bare.push([size, await costOn("echo", (server) => echoes(server, count))]);
  }
  const y = "CPU µs for each event";
  const lines = [
    { name: "live view", points: ours },
    { name: "bare ws echo", points: bare },
  ];
  return { title, description: describe(title, axis, lines), x: axis, y, lines };
}

/** Returns what an operation costs on a server that is started only for it. */
async function costOn(
  role: ServerRole,
  toSubject: (server: MeasuredServer) => Promise<Subject>,
): Promise<number> {
  const server = await MeasuredServer.start(role);
  const cost = await measureAlone(await toSubject(server));
  await server.stop();
  return cost;
}

/** Describes the ends of the lines for readers who do not see them. */
function describe(title: string, axis: string, lines: readonly Line[]): string {
  const ends = lines.map(({ name, points }) => {
    const [[from, low] = [0, 0], [to, high] = [0, 0]] = [points[0], points.at(-1)];
    const change = `${low.toFixed(0)} µs at ${from.toLocaleString("en")} to ${high.toFixed(0)} µs`;
    return `${name} from ${change} at ${to.toLocaleString("en")}`;
  });
  return `${title}, CPU time by ${axis}: ${ends.join(", ")}. The table below has all numbers.`;
}
