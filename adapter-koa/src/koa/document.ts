import { html } from "@lit-labs/ssr";
import escapeHtml from "escape-html";
import { unsafeHTML } from "lit/directives/unsafe-html.js";
import type { RootLayout } from "../live/root-layout.js";

/** What the `<live-session>` element of a page is written from. */
export interface LiveSessionElementInput {
  readonly id: string;
  readonly token: string;
  readonly csrfToken: string;
  /** Where the socket is, such as `/live`. */
  readonly url: string;
  /** The rendered view, as HTML. */
  readonly view: string;
}

/**
 * The `<live-session>` element around a rendered view. It is written as text: a renderer of elements
 * would give it a shadow root that it does not have in the browser.
 */
export function toLiveSessionElement({ id, token, csrfToken, url, view }: LiveSessionElementInput): string {
  const attributes = { id, token, "csrf-token": csrfToken, url };
  const written = Object.entries(attributes).map(([name, value]) => `${name}="${escapeHtml(value)}"`);
  return `<live-session ${written.join(" ")}>${view}</live-session>`;
}

/** The document of an app that names no root layout. */
export const defaultRootLayout: RootLayout = ({
  title = "",
  csrfToken,
  scriptUrl,
  content,
}) => html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="csrf-token" content=${csrfToken}>
    <title>${title}</title>
    <script type="module" src=${scriptUrl}></script>
  </head>
  <body>${content}</body>
</html>`;

/** Text that is HTML already, for a place in a root layout. */
export const asHtml = (markup: string): unknown => unsafeHTML(markup);
