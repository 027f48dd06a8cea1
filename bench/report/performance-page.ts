import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type Chart, toSvg } from "./chart.js";

/**
 * The page about performance, parts of which the benchmark writes. A part is between comments with its name:
 * `<!-- name -->` and `<!-- name end -->`.
 */
export class PerformancePage {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  /** Replaces the text of a part. */
  replace(part: string, text: string): void {
    const [before = "", old, after = ""] = readFileSync(this.#file, "utf8").split(
      new RegExp(`<!-- ${part}(?: end)? -->`),
    );
    if (old === undefined) throw new Error(`${this.#file} has no part "${part}"`);
    const between = `<!-- ${part} -->\n\n${text}\n\n<!-- ${part} end -->`;
    writeFileSync(this.#file, before + between + after);
  }

  /** Draws a chart as a file beside the page. @returns the Markdown of the image and of its numbers */
  draw(name: string, chart: Chart): string {
    const image = `images/performance/${name}.svg`;
    const file = path.join(path.dirname(this.#file), image);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, toSvg(chart));
    return `### ${chart.title}\n\n![${chart.description}](${image})\n\n${toNumbers(chart)}`;
  }
}

/** Returns the points of a chart as a Markdown table. */
function toNumbers({ x, y, lines }: Chart): string {
  const places = [...new Set(lines.flatMap(({ points }) => points.map(([at]) => at)))];
  const numbers = (line: Chart["lines"][number]) =>
    places.map((place) => {
      const point = line.points.find(([at]) => at === place);
      return point === undefined ? "" : format(point[1]);
    });
  const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    row([`${y}, by ${x}`, ...places.map(format)]),
    row(["---", ...places.map(() => "--:")]),
    ...lines.map((line) => row([line.name, ...numbers(line)])),
  ].join("\n");
}

const format = (value: number): string =>
  value.toLocaleString("en", { maximumFractionDigits: value < 100 ? 1 : 0 });
