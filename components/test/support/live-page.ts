import "../../src/index.js";
import { html, nothing } from "lit";
import type { LiveSessionElement } from "../../src/index.js";
import { type JoinPayload, version } from "../../src/protocol/index.js";
import { type Encoded, encode, serverHtml } from "./encode.js";
import { type FakeServer, fakeServer, restoreWebSocket } from "./fake-server.js";
import { waitForHistory } from "./history-limit.js";
import { until } from "./live-fixture.js";

/** A page with a live session, and the server it talks to. */
export interface LivePage {
  readonly session: LiveSessionElement;
  readonly server: FakeServer;
}

/** How a page differs from the plain one. */
export interface LivePageOptions {
  /** What the server renders for the page; what a join renders where `joined` is not given. */
  readonly view?: unknown;
  /** What a join renders, by the URL joined. */
  readonly joined?: (url: string, payload: JoinPayload) => unknown;
  readonly provided?: Readonly<Record<string, unknown>>;
  /** Bytes that the payload of a frame may have. */
  readonly maxPayload?: number;
  /** Further attributes. */
  readonly attributes?: string;
}

/** The answer to a join that renders a template. */
export const joinReply = (view: unknown, provided: object = {}): { ok: object } => ({
  ok: { version, ...encode(view), provided, flash: {} },
});

let opened: Element[] = [];
const startUrl = location.href;

/** Opens a page that the server rendered, not joined yet. */
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

/** Opens a page that the server rendered and waits until it is joined. */
export async function joinPage(options: LivePageOptions = {}): Promise<LivePage> {
  const page = openPage(options);
  await until(() => page.session.status === "connected");
  // The session asked for it first, so that it has it now.
  await import("../../src/client/bindings/input.js").catch(() => {});
  await new Promise((resolve) => setTimeout(resolve));
  return page;
}

/** A diff that puts a template into a view's first place. */
export function encodeDiff(template: unknown): object {
  const { rendered, templates } = encode(template);
  return { diff: { "0": rendered }, templates };
}

/** Opens a page that shows nothing, and a template by an update once it is joined. */
export async function showLater(template: unknown): Promise<LivePage> {
  const page = await joinPage({ view: html`<main>${nothing}</main>` });
  page.server.push("diff", encodeDiff(template));
  await until(() => page.session.querySelector("main > *"));
  return page;
}

/** Puts a `<live-session>` written as HTML into the document. */
export function insert(markup: string): LiveSessionElement {
  const template = document.createElement("template");
  template.innerHTML = markup;
  const element = document.importNode(template.content, true)
    .firstElementChild as LiveSessionElement;
  document.body.append(element);
  opened.push(element);
  return element;
}

/** Takes everything away again, at the URL where the tests began. */
export async function closePages(): Promise<void> {
  for (const element of opened) element.remove();
  opened = [];
  // An element that is removed waits for the end of the task; it may only be moved.
  await new Promise((resolve) => setTimeout(resolve));
  restoreWebSocket();
  await waitForHistory();
  if (location.href !== startUrl || history.state) history.replaceState(null, "", startUrl);
}
