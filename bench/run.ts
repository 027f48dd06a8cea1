import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { browserFigures } from "./browser.js";
import { writeCurves } from "./curves.js";
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
import { otherFigures } from "./others.js";
import { PerformancePage } from "./performance-page.js";
import { resumeFigures } from "./resume.js";
import { toMarkdown, toTable } from "./table.js";

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
  others: otherFigures,
};
const saved = path.join(import.meta.dirname, "../node_modules/.cache/bench.json");

const secondsSince = (start: number) => Math.round((performance.now() - start) / 1000);

/** Measures all parts, or only those with some names. */
async function measure(names: readonly string[]): Promise<Figure[]> {
  const unknown = names.filter((name) => !(name in parts));
  if (unknown.length > 0)
    throw new Error(`unknown parts: ${unknown}\nExpected: ${Object.keys(parts).join(", ")}`);
  const figures: Figure[] = [];
  for (const [name, measurePart] of Object.entries(parts)) {
    if (names.length > 0 && !names.includes(name)) continue;
    const start = performance.now();
    process.stderr.write(`measuring ${name} …`);
    try {
      figures.push(...(await measurePart()));
    } catch (error) {
      process.exitCode = 1;
      console.error(error);
    }
    process.stderr.write(` ${secondsSince(start)} s\n`);
  }
  return figures;
}

/** Describes how the table was measured. */
function describeRun(seconds: number): string {
  const cores = pinned
    ? "The server ran on core 0 and the load generator on core 1"
    : "The processes were not pinned to cores, because taskset is not available";
  return `${cores}. Node ${process.version}, ${seconds} s.`;
}

/**
 * `npm run bench` measures everything and prints one table. `npm run bench -- events pages` measures only these parts.
 * `--save` keeps the figures, and `--compare` prints their ratios to those that were kept last. `--write PAGE` writes the table
 * into a page. `--curves PAGE` measures how costs grow and draws the curves of the page, instead of the table or after it.
 */
const { values: options, positionals: chosen } = parseArgs({
  allowPositionals: true,
  options: {
    save: { type: "boolean" },
    compare: { type: "boolean" },
    write: { type: "string" },
    curves: { type: "string" },
  },
});
const pinned =
  process.platform === "linux" && spawnSync("taskset", ["-cp", "1", `${process.pid}`]).status === 0;
if (pinned) process.env.BENCH_PINNED = "1";

if (options.curves === undefined || options.write !== undefined || chosen.length > 0) {
  const start = performance.now();
  const figures = await measure(chosen);
  const note = describeRun(secondsSince(start));
  const earlier: Record<string, number> = existsSync(saved)
    ? JSON.parse(readFileSync(saved, "utf8"))
    : {};
  console.log(`${toTable(figures, options.compare ? earlier : undefined)}\n\n${note}`);
  if (options.save) {
    mkdirSync(path.dirname(saved), { recursive: true });
    const values = Object.fromEntries(figures.map(({ name, value }) => [name, value]));
    writeFileSync(saved, JSON.stringify({ ...earlier, ...values }));
  }
  if (options.write !== undefined)
    new PerformancePage(options.write).replace("figures", `${toMarkdown(figures)}\n\n${note}`);
}
if (options.curves !== undefined) await writeCurves(new PerformancePage(options.curves));
process.exit();
