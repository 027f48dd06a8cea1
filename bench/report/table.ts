import type { Figure } from "../rows/figures.js";

/** A row with a larger spread counts as not measured. */
const maxSpread = 0.1;

type Saved = Readonly<Record<string, number>>;

/** Returns the table as text with aligned columns. @param earlier the values to compare with, by name */
export function toTable(figures: readonly Figure[], earlier: Saved | undefined): string {
  const rows = toRows(figures, earlier);
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? "").length)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** Returns the table as Markdown. */
export function toMarkdown(figures: readonly Figure[]): string {
  const [head = [], ...rows] = toRows(figures, undefined);
  return [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}

/** Returns the cells of the table, with a row of headings, without columns that are empty. */
function toRows(figures: readonly Figure[], earlier: Saved | undefined): string[][] {
  const head = [
    "figure",
    "measured",
    "±",
    "instructions",
    "target",
    "LiveView 1.2.10",
    "",
    "to saved",
  ];
  const rows = figures.map((figure) => [
    figure.name,
    figure.measured,
    figure.spread === undefined ? "" : `${(figure.spread * 100).toFixed(0)} %`,
    figure.instructions ?? "",
    figure.target,
    figure.liveView,
    verdictOn(figure),
    earlier ? toRatio(figure.value, earlier[figure.name]) : "",
  ]);
  const isUsed = (_: unknown, column: number) => rows.some((row) => row[column] !== "");
  return [head, ...rows].map((row) => row.filter(isUsed));
}

function verdictOn({ spread = 0, met }: Figure): string {
  if (met === undefined) return "";
  if (spread > maxSpread) return "too noisy";
  return met ? "✓" : "✗";
}

const toRatio = (value: number, earlier: number | undefined): string =>
  earlier === undefined ? "" : (value / earlier).toFixed(2);
