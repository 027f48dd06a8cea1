import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { browserFigures } from "./browser.js";
import {
  broadcastFigures,
  eventFigures,
  type Figure,
  listPageFigures,
  memoryFigures,
  pageFigures,
  sizeFigures,
} from "./figures.js";
import { killFigures } from "./kill.js";
import { resumeFigures } from "./resume.js";
import { toTable } from "./table.js";

/**
 * `npm run bench` measures everything and prints one table. `npm run bench -- events pages` measures only these parts.
 * `--save` keeps the figures, and `--compare` prints their ratios to those that were kept last.
 */
const parts: Record<string, () => Promise<Figure[]>> = {
  sizes: sizeFigures,
  events: eventFigures,
  broadcast: broadcastFigures,
  pages: pageFigures,
  "list-page": listPageFigures,
  browser: browserFigures,
  resume: resumeFigures,
  kill: killFigures,
  memory: memoryFigures,
};
const saved = path.join(import.meta.dirname, "../node_modules/.cache/bench.json");

const { values: options, positionals: chosen } = parseArgs({
  allowPositionals: true,
  options: { save: { type: "boolean" }, compare: { type: "boolean" } },
});
const pinned =
  process.platform === "linux" && spawnSync("taskset", ["-cp", "1", `${process.pid}`]).status === 0;
if (pinned) process.env.BENCH_PINNED = "1";

const start = performance.now();
const figures: Figure[] = [];
for (const [name, measure] of Object.entries(parts)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  process.stderr.write(`measuring ${name} …\n`);
  try {
    figures.push(...(await measure()));
  } catch (error) {
    process.exitCode = 1;
    console.error(error);
  }
}

const earlier: Record<string, number> =
  options.compare && existsSync(saved) ? JSON.parse(readFileSync(saved, "utf8")) : {};
console.log(toTable(figures, options.compare ? earlier : undefined));
console.log(`
A ratio compares the CPU time of an operation with that of a bare ws echo of the same message, or for pages with bare Koa that
sends the same HTML. It is the median of nine pairs that alternate; ± is the distance between their quartiles. A row with more than
10 % counts as not measured.
${pinned ? "The server ran on core 0 and the load generator on core 1" : "The processes were not pinned to cores, because taskset is not available"}. Node ${process.version}, ${Math.round((performance.now() - start) / 1000)} s.
Pages are loaded with the session cookie of an earlier visit. LiveView was measured in the same way on its own stack.`);
if (options.save) {
  mkdirSync(path.dirname(saved), { recursive: true });
  const values = Object.fromEntries(figures.map(({ name, value }) => [name, value]));
  writeFileSync(saved, JSON.stringify({ ...earlier, ...values }));
}
process.exit();
