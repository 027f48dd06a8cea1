import { html } from "@lit-labs/ssr";
import escapeHtml from "escape-html";
import type { RootLayout, RootLayoutPage } from "../../live/declarations/root-layout.js";
import { toHtml } from "../../render/html.js";

/** What the `<live-session>` element of a page is written from. */
export interface LiveSessionElementInput {
  readonly id: string;
  readonly token: string;
  readonly csrfToken: string;
  /** Where the socket is, such as `/live`. */
  readonly url: string;
  /** Which paths the live session has, as the source of a regular expression. */
  readonly routes: string | undefined;
  /** The rendered view, as HTML. */
  readonly view: string;
}

/**
 * The `<live-session>` element around a rendered view. It is written as text: a renderer of elements
 * would give it a shadow root that it does not have in the browser.
 */
export function toLiveSessionElement(input: LiveSessionElementInput): string {
  const { id, token, csrfToken, url, routes, view } = input;
  const attributes =
    attribute("id", id) +
    attribute("token", token) +
    attribute("csrf-token", csrfToken) +
    attribute("url", url) +
    (routes === undefined ? "" : attribute("routes", routes));
  return `<live-session${attributes}>${view}</live-session>`;
}

const attribute = (name: string, value: string): string => ` ${name}="${escapeHtml(value)}"`;

/** What a document has around the element. */
export type DocumentInput = Omit<RootLayoutPage, "content">;

/** The document of an app that names no root layout; as text, since it holds nothing to render. */
const defaultDocument = (
  { title = "", csrfToken, scriptUrl }: DocumentInput,
  element: string,
): string =>
  `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="csrf-token"${attribute("content", csrfToken)}>
    <title>${escapeHtml(title)}</title>
    <script type="module"${attribute("src", scriptUrl)}></script>
  </head>
  <body>${element}</body>
</html>`;

const placeholder = html`<!--live-session-->`;

/**
 * A document with the element in it. The renderer of a root layout sees a comment in its place, or it would
 * render the elements of the view once more, without their properties.
 */
export function toDocument(
  rootLayout: RootLayout | undefined,
  page: DocumentInput,
  element: string,
): string {
  if (!rootLayout) return defaultDocument(page, element);
  const document = toHtml(rootLayout({ ...page, content: placeholder }));
  return document.replace("<!--live-session-->", () => element);
}
