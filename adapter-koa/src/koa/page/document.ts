import { html } from "@lit-labs/ssr";
import escapeHtml from "escape-html";
import type { RootLayout, RootLayoutPage } from "../../live/declarations/root-layout.js";
import { LiveError } from "../../live/live-error.js";
import { isThenable } from "../../live/maybe-promise.js";
import { renderWithLit } from "../../render/render-with-lit.js";
import type { JoinInfo } from "./join-info.js";

/**
 * Returns the HTML of the `<live-session>` element around a rendered view. The element is not rendered by Lit, because
 * Lit's renderer would give it a shadow root that it does not have in the browser.
 *
 * @param view the HTML of the view
 */
export function toLiveSessionElement(
  { id, token, csrfToken, url, routes }: JoinInfo,
  view: string,
): string {
  const attributes =
    attribute("id", id) +
    attribute("token", token) +
    attribute("csrf-token", csrfToken) +
    attribute("url", url) +
    (routes === undefined ? "" : attribute("routes", routes));
  return `<live-session${attributes}>${view}</live-session>`;
}

const attribute = (name: string, value: string): string => ` ${name}="${escapeHtml(value)}"`;

/** The data that a root layout receives in addition to the element. */
export type DocumentInput = Omit<RootLayoutPage, "content">;

/** The document of an app without a root layout. */
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

const comment = "<!--live-session-->";
const placeholder = html`<!--live-session-->`;

/**
 * Returns the document with the element in it. The root layout is rendered with a comment in place of the element;
 * otherwise Lit would render the elements of the view a second time, without their properties.
 *
 * @throws LiveError `LIVE_ERR_LAYOUT` when the root layout is async, returns a string, or does not contain the page
 *   exactly once
 */
export function toDocument(
  rootLayout: RootLayout | undefined,
  page: DocumentInput,
  element: string,
): string {
  if (!rootLayout) return defaultDocument(page, element);
  const rendered = rootLayout({ ...page, content: placeholder });
  if (isThenable(rendered) || typeof rendered === "string") {
    const got = isThenable(rendered) ? "a promise" : "a string";
    throw new LiveError("LIVE_ERR_LAYOUT", "result of the root layout is invalid", {
      expected: "a template, written with html of @lit-labs/ssr",
      gotText: got,
    });
  }
  const [before, after, ...more] = renderWithLit(rendered).split(comment);
  if (after === undefined || more.length > 0) {
    throw new LiveError("LIVE_ERR_LAYOUT", "root layout does not contain the page exactly once", {
      expected: "the value `content` exactly once in the body of the document",
      gotText: after === undefined ? "a document without it" : `a document with ${more.length + 1}`,
    });
  }
  return before + element + after;
}
