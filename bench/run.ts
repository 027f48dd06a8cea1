import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { deployFigures } from "./cluster/deploy.js";
import { clusterFigures } from "./cluster/figures.js";
import { PerformancePage } from "./report/performance-page.js";
import { toMarkdown, toTable } from "./report/table.js";
import { browserFigures } from "./rows/browser.js";
import { curveNames, writeCurves } from "./rows/curves.js";
import {
  broadcastFigures,
  eventFigures,
  type Figure,
  listPageFigures,
  memoryFigures,
  pageFigures,
  sizeFigures,
} from "./rows/figures.js";
import { countInstructions } from "./rows/instructions.js";
import { killFigures } from "./rows/kill.js";
import { otherFigures } from "./rows/others.js";
import { resumeFigures } from "./rows/resume.js";
import { findCounter } from "./servers/counted-server.js";

const parts: Record<string, () => Promise<Figure[]>> = {
  sizes: sizeFigures,
  events: eventFigures,
  broadcast: broadcastFigures,
  pages: pageFigures,
  "list-page": listPageFigures,
  browser: browserFigures,
  resume: resumeFigures,
  kill: killFigures,
  cluster: clusterFigures,
  deploy: deployFigures,
  memory: memoryFigures,
  others: otherFigures,
};
/** The parts with several processes or other libraries. Without names they are measured only with `--all`. */
const longParts = ["kill", "cluster", "deploy", "others"];
const saved = path.join(import.meta.dirname, "../node_modules/.cache/bench.json");

const secondsSince = (start: number) => Math.round((performance.now() - start) / 1000);

/** Returns those of some names that were chosen. If none was chosen, returns all of them, or those that do not take long. */
const chosenOf = (names: readonly string[]) =>
  names.filter((name) =>
    chosen.length > 0 ? chosen.includes(name) : options.all || !longParts.includes(name),
  );

/** Refuses names that are not those of a part or a curve. */
function checkNames(): void {
  const names = [...Object.keys(parts), ...curveNames];
  const unknown = chosen.filter((name) => !names.includes(name));
  if (unknown.length === 0) return;
  console.error(`unknown part: ${unknown.join(", ")}\nExpected: ${names.join(", ")}`);
  process.exit(1);
}

/** Measures some parts. */
async function measure(names: readonly string[]): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const name of names) {
    const measurePart = parts[name] as () => Promise<Figure[]>;
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

/** Adds the counts of instructions to figures, or nothing if this machine cannot count them. */
async function addInstructions(figures: readonly Figure[]): Promise<readonly Figure[]> {
  const counter = findCounter();
  if (counter === undefined) {
    console.error("The instructions were not counted. Expected: perf with a counter, or valgrind");
    return figures;
  }
  const start = performance.now();
  process.stderr.write(`counting instructions with ${counter} …`);
  const counts = await countInstructions(counter);
  process.stderr.write(` ${secondsSince(start)} s\n`);
  return figures.map((figure) => {
    const instructions = counts.get(figure.name);
    return instructions === undefined ? figure : { ...figure, instructions };
  });
}

/** Describes how the table was measured. */
function describeRun(seconds: number): string {
  const cores = pinned
    ? "The server ran on core 0 and the load generator on core 1"
    : "The processes were not pinned to cores, because taskset is not available";
  return `${cores}. Node ${process.version}, ${seconds} s.`;
}

/**
 * `npm run bench` measures and prints one table. `npm run bench -- events pages` measures only these parts, and `--all` also those
 * that take long. `--save` keeps the figures, and `--compare` prints their ratios to those that were kept last. `--write PAGE` writes
 * the table into a page. `--instructions` counts the instructions of operations as well. `--curves PAGE` measures how costs grow and
 * draws the curves of the page, without `--write` instead of the table.
 */
const { values: options, positionals: chosen } = parseArgs({
  allowPositionals: true,
  options: {
    all: { type: "boolean" },
    save: { type: "boolean" },
    compare: { type: "boolean" },
    write: { type: "string" },
    curves: { type: "string" },
    instructions: { type: "boolean" },
  },
});
const pinned =
  process.platform === "linux" && spawnSync("taskset", ["-cp", "1", `${process.pid}`]).status === 0;
if (pinned) process.env.BENCH_PINNED = "1";

checkNames();
if (options.curves === undefined || options.write !== undefined) {
  const start = performance.now();
  const measured = await measure(chosenOf(Object.keys(parts)));
  const figures = options.instructions ? await addInstructions(measured) : measured;
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
if (options.curves !== undefined)
  await writeCurves(new PerformancePage(options.curves), chosenOf(curveNames));
process.exit();
