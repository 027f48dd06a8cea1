import { html, type TemplateResult } from "lit";
import type { Operation, ReportedView } from "./report.js";

/** Converts bytes to megabytes. */
export const megabytes = (bytes: number): number => Math.round(bytes / 1e6);

/** Returns for how long a view is open, in minutes. */
export const ageOf = ({ since }: ReportedView): string => {
  const minutes = Math.floor((Date.now() - since) / 60_000);
  return minutes === 0 ? "(new)" : `(${minutes} min)`;
};

/** Renders a table of operations. */
export const operationRows = (operations: readonly Operation[]): TemplateResult =>
  operations.length === 0
    ? html`<p>None.</p>`
    : html`<table class="operations">
    <thead><tr><th>Time</th><th>View</th><th>Operation</th><th>ms</th><th>Outcome</th></tr></thead>
    <tbody>${operations.map(
      ({ at, view, stage, event = "", duration, outcome, error = "" }) => html`<tr>
        <td>${new Date(at).toISOString().slice(11, 19)}</td><td>${view}</td><td>${stage} ${event}</td>
        <td>${duration}</td><td>${outcome} ${error}</td></tr>`,
    )}</tbody>
  </table>`;
