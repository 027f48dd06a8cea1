import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { echoes, events } from "./load.js";
import { MeasuredServer } from "./measured-server.js";
import { comparePair } from "./pair.js";

/** `node --import tsx bench/curves.ts` measures how costs grow, and draws the curves of docs/performance.md. */
const page = path.join(import.meta.dirname, "../docs/performance.md");

interface Curve {
  readonly title: string;
  readonly axis: string;
  readonly points: readonly { readonly x: number; readonly ours: number; readonly bare: number }[];
}

/** Measures an event of one kind for several sizes. */
async function measureCurve(
  title: string,
  axis: string,
  sizes: readonly number[],
  visits: (size: number) => {
    readonly path: string;
    readonly event: string;
    readonly count: number;
  },
): Promise<Curve> {
  const points = [];
  for (const x of sizes) {
    process.stderr.write(`${title}: ${x} …\n`);
    const { path: url, event, count } = visits(x);
    const [live, echo] = await Promise.all([
      MeasuredServer.start("live"),
      MeasuredServer.start("echo"),
    ]);
    const ours = await events(live, url, event, count);
    const { ours: cost, bare } = await comparePair(ours, await echoes(echo, count));
    points.push({ x, ours: cost, bare });
    await Promise.all([live.stop(), echo.stop()]);
  }
  return { title, axis, points };
}

/** Returns a curve as a chart that GitHub draws, with the bare echo below it. */
function toChart({ title, axis, points }: Curve): string {
  const series = (values: readonly number[]) =>
    `line [${values.map((v) => v.toFixed(1)).join(", ")}]`;
  return `\`\`\`mermaid
xychart-beta
  title "${title}"
  x-axis "${axis}" [${points.map(({ x }) => x).join(", ")}]
  y-axis "CPU µs for each event"
  ${series(points.map(({ ours }) => ours))}
  ${series(points.map(({ bare }) => bare))}
\`\`\``;
}

const curves = [
  await measureCurve("Change one cell of a list", "rows", [10, 100, 300, 1000, 3000], (rows) => ({
    path: `/list?rows=${rows}`,
    event: "cell",
    count: 20,
  })),
  await measureCurve("Event of the counter", "connections", [10, 100, 500, 2000], (count) => ({
    path: "/counter",
    event: "inc",
    count,
  })),
  await measureCurve(
    "Event whose reply has a payload",
    "bytes",
    [10, 100, 1000, 10000],
    (bytes) => ({
      path: `/payload?bytes=${bytes}`,
      event: "next",
      count: 20,
    }),
  ),
];
const text = readFileSync(page, "utf8");
const [before = "", , after = ""] = text.split(/<!-- curves(?: end)? -->/);
const charts = curves.map(toChart).join("\n\n");
writeFileSync(page, `${before}<!-- curves -->\n\n${charts}\n\n<!-- curves end -->${after}`);
process.exit();
