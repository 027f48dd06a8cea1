import { spawnSync } from "node:child_process";
import {
  broadcastFigure,
  eventFigures,
  type Figure,
  memoryFigure,
  pageFigures,
  sizeFigure,
} from "./figures.js";

/** `npm run bench`: measures, and prints one table. `npm run bench -- events` measures one part. */
const parts: Record<string, () => Promise<Figure[]>> = {
  sizes: async () => [await sizeFigure()],
  events: eventFigures,
  broadcast: async () => [await broadcastFigure()],
  pages: pageFigures,
  memory: async () => [await memoryFigure()],
};

const pinned =
  process.platform === "linux" && spawnSync("taskset", ["-cp", "1", `${process.pid}`]).status === 0;
if (pinned) process.env.BENCH_PINNED = "1";

const start = performance.now();
const wanted = process.argv.slice(2);
const figures: Figure[] = [];
for (const [name, measure] of Object.entries(parts)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  process.stderr.write(`measuring ${name} …\n`);
  figures.push(...(await measure()));
}

const rows = [
  ["figure", "measured", "wanted", "LiveView 1.2.10", ""],
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
Ratios are to a bare ws echo of the same envelope (page GET: to bare Koa sending the same HTML) in the same
run, by throughput where both servers were at their limit, else by the server's CPU time per operation.
The server ran ${pinned ? "on core 0, the load generator on core 1" : "unpinned: taskset is not available"}; Node ${process.version}, ${Math.round((performance.now() - start) / 1000)} s.
Pages are loaded with the session cookie of an earlier visit. LiveView's figures were measured the same way on its own stack.`);
process.exit();
