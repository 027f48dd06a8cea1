import { html, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";

/** A row of the list page. */
export interface Row {
  readonly id: number;
  readonly name: string;
  readonly value: number;
}

/** Creates the rows of the page. @param first the id of the first row */
export const makeRows = (first = 0, count = 1000): Row[] =>
  Array.from({ length: count }, (_, i) => ({ id: first + i, name: `Row ${first + i}`, value: 0 }));

/** The layout of all measured pages. */
export const layout = ({ content }: { readonly content: unknown }): TemplateResult =>
  html`<main>${content}</main>`;

/** The list page. The benchmark also renders it in the browser with Lit alone. */
export const listPage = ({ rows }: { readonly rows: readonly Row[] }): TemplateResult =>
  html`<button type="button" live-click="cell">Change a cell</button>
    <button type="button" live-click="replace">Replace the rows</button>
    <table>
      <tbody>
        ${repeat(
          rows,
          ({ id }) => id,
          ({ id, name, value }) => html`<tr><td>${id}</td><td>${name}</td><td>${value}</td></tr>`,
        )}
      </tbody>
    </table>`;
