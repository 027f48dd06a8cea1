import { html, type TemplateResult } from "lit";
import { liveView } from "../live/declarations/live-view.js";
import type { Operation, Report, ReportedView, Total } from "./report.js";
import { totalOf } from "./report.js";
import type { Reports } from "./reports.js";
import { ageOf, megabytes, operationRows } from "./rows.js";

/** A presence, whatever its metas are. */
export interface ShownPresence {
  readonly topics: readonly string[];
  list(topic: string): readonly unknown[];
}

interface DashboardInput {
  readonly presences: readonly ShownPresence[];
  readonly path: string;
}

interface Topic {
  readonly name: string;
  readonly keys: number;
}

/** The number of topics of a presence that are shown. */
const shownTopics = 20;

/** Creates the view of all processes. */
export const dashboardLive = (reports: Reports, { presences, path }: DashboardInput) => {
  const current = () => ({
    reports: reports.all,
    history: reports.history,
    topics: presences.flatMap(topicsOf),
  });
  return liveView("DashboardLive", {
    types: {} as { own: ReturnType<typeof current> },
    mount({ socket }) {
      socket.pageTitle = "Dashboard";
      socket.subscribe(reports.source());
      socket.assign(current());
    },
    handleInfo: ({ socket }) => socket.assign(current()),
    render: ({ reports: all, history, topics }) => html`<main class="dashboard">
      <h1>Dashboard</h1>
      ${plots(history, reports.seconds)}
      ${processes(all)}
      ${views(all, path)}
      ${operations(
        "Slow operations",
        all.flatMap(({ slow }) => slow),
      )}
      ${operations(
        "Errors",
        all.flatMap(({ errors }) => errors),
      )}
      ${presence(topics)}
    </main>`,
  });
};

function topicsOf(presence: ShownPresence): Topic[] {
  return presence.topics
    .slice(0, shownTopics)
    .map((topic) => ({ name: topic, keys: presence.list(topic).length }));
}

const series: readonly (readonly [label: string, read: (total: Total) => number])[] = [
  ["Connections", ({ connections }) => connections],
  ["Events per second", ({ eventsPerSecond }) => eventsPerSecond],
  ["Renders per second", ({ rendersPerSecond }) => rendersPerSecond],
  ["Event, 95th percentile (ms)", ({ event }) => event.p95],
  ["Longest mailbox", ({ mailbox }) => mailbox],
  ["Memory (MB)", ({ memory }) => megabytes(memory)],
];

const plots = (
  history: readonly Total[],
  seconds: number,
): TemplateResult => html`<div class="plots">
  ${series.map(([label, read]) => {
    const points = history.map(read);
    return html`<figure>
      <figcaption>${label} <strong>${points.at(-1) ?? "–"}</strong></figcaption>
      <live-plot .points=${points} seconds=${seconds}></live-plot>
    </figure>`;
  })}
</div>`;

const figures = (
  of: Total,
): TemplateResult => html`<td>${of.connections}</td><td>${of.viewCount}</td>
  <td>${of.eventsPerSecond}</td><td>${of.event.p50} / ${of.event.p95} / ${of.event.p99}</td>
  <td>${of.rendersPerSecond}</td><td>${of.render.p50} / ${of.render.p95} / ${of.render.p99}</td>
  <td>${of.mailbox}</td><td>${megabytes(of.memory)}</td>`;

const processes = (all: readonly Report[]): TemplateResult => html`<h2>Processes</h2>
  <table id="processes">
    <thead><tr><th>Process</th><th>Connections</th><th>Views</th><th>Events/s</th><th>p50 / p95 / p99 (ms)</th>
      <th>Renders/s</th><th>p50 / p95 / p99 (ms)</th><th>Mailbox</th><th>Memory (MB)</th></tr></thead>
    <tbody>
      ${all.map((report) => html`<tr><th>${report.pid}</th>${figures(report)}</tr>`)}
      <tr class="total"><th>Total</th>${figures(totalOf(all))}</tr>
    </tbody>
  </table>`;

const views = (all: readonly Report[], path: string): TemplateResult => html`<h2>Views</h2>
  <table id="routes">
    <thead><tr><th>Route</th><th>Views</th><th>The newest</th></tr></thead>
    <tbody>${routesOf(all).map(
      ({ route, count, newest }) =>
        html`<tr><td>${route}</td><td>${count}</td><td>${newest.map(
          (view) =>
            html`<a href="${path}/views/${view.id}" live-navigate>${view.view} ${ageOf(view)}</a> `,
        )}</td></tr>`,
    )}</tbody>
  </table>`;

/** The number of links to views of a route. */
const shownViews = 5;

function routesOf(all: readonly Report[]) {
  const routes = new Map<string, { count: number; newest: ReportedView[] }>();
  for (const { routes: counts, views } of all) {
    for (const { route, views: count } of counts) {
      const known = routes.get(route) ?? { count: 0, newest: [] };
      const newest = views.filter((view) => view.route === route);
      routes.set(route, { count: known.count + count, newest: [...known.newest, ...newest] });
    }
  }
  return [...routes]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([route, { count, newest }]) => ({ route, count, newest: newest.slice(-shownViews) }));
}

const operations = (
  title: string,
  all: readonly Operation[],
): TemplateResult => html`<h2>${title}</h2>
  ${operationRows([...all].sort((a, b) => b.at - a.at).slice(0, 20))}`;

const presence = (topics: readonly Topic[]): TemplateResult | null =>
  topics.length === 0
    ? null
    : html`<h2>Presence</h2>
  <table id="presence">
    <thead><tr><th>Topic</th><th>Keys</th></tr></thead>
    <tbody>${topics.map(({ name, keys }) => html`<tr><td>${name}</td><td>${keys}</td></tr>`)}</tbody>
  </table>`;
