import { LineChart } from "echarts/charts";
import { GridComponent, TitleComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import escapeHtml from "escape-html";

// ECharts, because it draws SVG in Node without a DOM and needs only two other packages.
use([LineChart, GridComponent, TitleComponent, SVGRenderer]);

/** A line of a chart: points with an x and a y value. */
export interface Line {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** A chart of lines with logarithmic axes. */
export interface Chart {
  readonly title: string;
  /** The text for readers who do not see the lines. */
  readonly description: string;
  /** The labels of the axes, with their units. */
  readonly x: string;
  readonly y: string;
  readonly lines: readonly Line[];
}

const size = { width: 720, height: 420 };

/** Colors with enough contrast on white and on black. */
const colors = ["#0f8a78", "#c06a15", "#8468dc"];

/** Lines differ also in their dashes and symbols, for readers who do not distinguish the colors. */
const dashes = ["solid", "dashed", "dotted"] as const;
const symbols = ["circle", "rect", "triangle"];

const text = { color: "currentColor", fontSize: 13, fontFamily: "system-ui, sans-serif" };

/** The text has the color that suits the reader's light or dark mode. */
const style = `<style>
svg { color: #1f2328; background: #fff }
@media (prefers-color-scheme: dark) { svg { color: #f0f6fc; background: #0d1117 } }
</style>`;

const axis = (name: string) => ({
  type: "log" as const,
  name,
  nameLocation: "middle" as const,
  nameTextStyle: text,
  axisLabel: { ...text, formatter: (value: number) => value.toLocaleString("en") },
  axisLine: { show: true, lineStyle: { color: "currentColor" } },
  axisTick: { lineStyle: { color: "currentColor" } },
  splitLine: { lineStyle: { color: "#8886" } },
});

/** Draws a chart as an SVG file, which can be read in light and in dark mode. */
export function toSvg({ title, description, x, y, lines }: Chart): string {
  const chart = init(null, null, { renderer: "svg", ssr: true, ...size });
  chart.setOption({
    animation: false,
    title: { text: title, left: "center", textStyle: { ...text, fontSize: 16 } },
    grid: { left: 80, right: 150, top: 50, bottom: 60 },
    xAxis: { ...axis(x), nameGap: 35, min: "dataMin", max: "dataMax" },
    yAxis: { ...axis(y), nameGap: 55, ...decadesAround(lines.flatMap(({ points }) => points)) },
    series: lines.map(({ name, points }, i) => ({
      type: "line" as const,
      name,
      data: points.map((point) => [...point]),
      symbol: symbols[i % symbols.length] as string,
      symbolSize: 8,
      color: colors[i % colors.length] as string,
      lineStyle: { width: 2.5, type: dashes[i % dashes.length] as (typeof dashes)[number] },
      endLabel: { ...text, show: true, formatter: "{a}" },
    })),
  });
  const svg = chart.renderToSVGString();
  chart.dispose(); // otherwise its timer keeps the process running
  const end = svg.indexOf(">") + 1;
  const root = svg.slice(0, end - 1);
  const names = `<title id="title">${escapeHtml(title)}</title>
<desc id="desc">${escapeHtml(description)}</desc>`;
  const attributes = `role="img" aria-labelledby="title desc"`;
  return `${root} ${attributes}>\n${names}\n${style}${svg.slice(end)}\n`;
}

/** Returns the powers of ten below and above the y values of points. */
function decadesAround(points: Line["points"]): { min: number; max: number } {
  const values = points.map(([, y]) => y);
  return {
    min: 10 ** Math.floor(Math.log10(Math.min(...values))),
    max: 10 ** Math.ceil(Math.log10(Math.max(...values))),
  };
}
