import "../../src/index.js";
import { html, nothing } from "lit";
import type { LiveSessionElement } from "../../src/index.js";
import { type JoinPayload, version } from "../../src/protocol/index.js";
import { type Encoded, encode, serverHtml } from "./encode.js";
import { type FakeServer, fakeServer, restoreWebSocket } from "./fake-server.js";
import { waitForHistory } from "./history-limit.js";
import { until } from "./live-fixture.js";

/** A page with a live session, and its server. */
export interface LivePage {
  readonly session: LiveSessionElement;
  readonly server: FakeServer;
}

/** Options of a page. */
export interface LivePageOptions {
  /** The content that the server renders for the page, and also for a join without `joined`. */
  readonly view?: unknown;
  /** Returns the content of a join, by its URL. */
  readonly joined?: (url: string, payload: JoinPayload) => unknown;
  readonly provided?: Readonly<Record<string, unknown>>;
  /** The maximum size of a frame's payload, in bytes. */
  readonly maxPayload?: number;
  /** Further attributes. */
  readonly attributes?: string;
}

/** Returns the answer to a join that renders a template. */
export const joinReply = (view: unknown, provided: object = {}): { ok: object } => ({
  ok: { version, ...encode(view), provided, flash: {} },
});

let opened: Element[] = [];
const startUrl = location.href;

/** Opens a page that the server rendered. Its view is not joined yet. */
export function openPage(options: LivePageOptions = {}): LivePage {
  const {
    view = html`<p>Hello</p>`,
    joined = () => view,
    provided = {},
    attributes = "",
  } = options;
  const { maxPayload } = options;
  const server = fakeServer();
  server.onJoin = (payload) => {
    const { ok } = joinReply(joined(payload.redirect ?? payload.url, payload), provided);
    return { ok: { ...ok, ...(maxPayload && { maxPayload }) } };
  };
  const page: Encoded = encode(view);
  return {
    session: insert(
      `<live-session id="main" token="signed" csrf-token="csrf" ${attributes}>${serverHtml(page)}</live-session>`,
    ),
    server,
  };
}

/** Opens a page that the server rendered and waits for the join. */
export async function joinPage(options: LivePageOptions = {}): Promise<LivePage> {
  const page = openPage(options);
  await until(() => page.session.status === "connected");
  // The session has imported this module before, so it is ready after this.
  await import("../../src/client/bindings/input.js").catch(() => {});
  await import("../../src/client/rendering/foreign-changes.js").catch(() => {});
  await new Promise((resolve) => setTimeout(resolve));
  return page;
}

/** Returns an update that sets a view's first value to a template. */
export function encodeDiff(template: unknown): object {
  const { rendered, templates } = encode(template);
  return { diff: { "0": rendered }, templates };
}

/** Opens an empty page and shows a template by an update after the join. */
export async function showLater(template: unknown): Promise<LivePage> {
  const page = await joinPage({ view: html`<main>${nothing}</main>` });
  page.server.push("diff", encodeDiff(template));
  await until(() => page.session.querySelector("main > *"));
  // The first binding makes the page use a module that joinPage() has loaded.
  await new Promise((resolve) => setTimeout(resolve));
  return page;
}

/** Inserts a `<live-session>`, given as HTML, into the document. */
export function insert(markup: string): LiveSessionElement {
  const template = document.createElement("template");
  template.innerHTML = markup;
  const element = document.importNode(template.content, true)
    .firstElementChild as LiveSessionElement;
  document.body.append(element);
  opened.push(element);
  return element;
}

/** Removes all pages and restores the URL at which the tests started. */
export async function closePages(): Promise<void> {
  for (const element of opened) element.remove();
  opened = [];
  // A removed element leaves at the end of the task, because it may only be moved.
  await new Promise((resolve) => setTimeout(resolve));
  restoreWebSocket();
  await waitForHistory();
  if (location.href !== startUrl || history.state) history.replaceState(null, "", startUrl);
}
