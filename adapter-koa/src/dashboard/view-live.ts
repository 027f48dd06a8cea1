import { html, type TemplateResult } from "lit";
import { liveView } from "../live/declarations/live-view.js";
import type { ViewDetail } from "./report.js";
import type { Reports } from "./reports.js";
import { ageOf, operationRows } from "./rows.js";

interface Detail {
  readonly id: string;
  readonly detail: ViewDetail | undefined;
}

/** Creates the view of one view of any process. */
export const viewLive = (reports: Reports, path: string) => {
  const find = (id: string) =>
    reports.all.flatMap(({ details }) => details).find((detail) => detail.id === id);
  return liveView("DashboardViewLive", {
    types: {} as { own: Detail; params: { id: string } },
    mount({ params, socket }) {
      const id = String(params.id);
      socket.pageTitle = "Dashboard: a view";
      socket.subscribe(reports.source(id));
      socket.assign({ id, detail: find(id) });
    },
    handleInfo({ socket }) {
      socket.assign({ detail: find(socket.assigns.id) ?? socket.assigns.detail });
    },
    render: ({ id, detail }) => html`<main class="dashboard">
      <p><a href=${path} live-navigate>Dashboard</a></p>
      <h1>${detail?.view ?? "View"} ${id}</h1>
      ${detail ? describeView(detail) : html`<p>Waiting for a report of this view. It may have ended.</p>`}
    </main>`,
  });
};

const describeView = (
  detail: ViewDetail,
): TemplateResult => html`<p>${detail.route} ${ageOf(detail)}</p>
  <h2>Assigns</h2>
  <table id="assigns">
    <thead><tr><th>Name</th><th>Shape</th></tr></thead>
    <tbody>${detail.assigns.map(
      ({ name, shape }) => html`<tr><td>${name}</td><td>${shape}</td></tr>`,
    )}</tbody>
  </table>
  <h2>Recent operations</h2>
  ${operationRows([...detail.recent].reverse())}`;
