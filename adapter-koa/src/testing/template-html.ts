import * as rendering from "../render/html.js";
import { TreeBuilder } from "../render/tree-builder.js";
import { PageHtml } from "./html/page-html.js";

/**
 * The HTML of a template, without Lit's marks: of a function that renders a part of views, to be tested by itself.
 *
 * @example
 * assert.equal(toHtml(badge(3)), "<b>3 new</b>");
 *
 * @throws LiveError `LIVE_ERR_TEMPLATE` for what a view cannot render either
 */
export function toHtml(template: unknown): string {
  new TreeBuilder(() => false).child(template, undefined);
  return new PageHtml(rendering.toHtml(template), true).toHtml();
}
