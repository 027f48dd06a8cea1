import { spawnSync } from "node:child_process";
import {
  broadcastFigure,
  eventFigures,
  type Figure,
  listPageFigures,
  memoryFigure,
  pageFigures,
  sizeFigure,
} from "./figures.js";

/** `npm run bench` measures everything and prints one table. `npm run bench -- events` measures only one part. */
const parts: Record<string, () => Promise<Figure[]>> = {
  sizes: async () => [await sizeFigure()],
  events: eventFigures,
  broadcast: async () => [await broadcastFigure()],
  pages: pageFigures,
  "list-page": listPageFigures,
  memory: async () => [await memoryFigure()],
};

const pinned =
  process.platform === "linux" && spawnSync("taskset", ["-cp", "1", `${process.pid}`]).status === 0;
if (pinned) process.env.BENCH_PINNED = "1";

const start = performance.now();
const chosen = process.argv.slice(2);
const figures: Figure[] = [];
for (const [name, measure] of Object.entries(parts)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  process.stderr.write(`measuring ${name} …\n`);
  figures.push(...(await measure()));
}

const rows = [
  ["figure", "measured", "target", "LiveView 1.2.10", ""],
  ...figures.map(({ name, measured, target, liveView, met }) => [
    name,
    measured,
    target,
    liveView,
    met ? "✓" : "✗",
  ]),
];
const widths = [0, 1, 2, 3, 4].map((column) =>
  Math.max(...rows.map((row) => (row[column] ?? "").length)),
);
for (const row of rows)
  console.log(
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
console.log(`
A ratio compares with a bare ws echo of the same message, or for the GET of a page with bare Koa that sends the same
HTML, in the same run. It compares throughput if both servers were at their limit, and otherwise CPU time per operation.
${pinned ? "The server ran on core 0 and the load generator on core 1" : "The processes were not pinned to cores, because taskset is not available"}. Node ${process.version}, ${Math.round((performance.now() - start) / 1000)} s.
Pages are loaded with the session cookie of an earlier visit. LiveView was measured in the same way on its own stack.`);
process.exit();
