import { encodeHtml } from "../render/html/encode-html.js";
import { TreeBuilder } from "../render/tree-builder.js";
import { PageHtml } from "./html/page-html.js";

/**
 * Returns the HTML of a template without Lit's markers. Use it to test a function that renders a part of a view.
 *
 * @example
 * assert.equal(toHtml(badge(3)), "<b>3 new</b>");
 *
 * @throws LiveError `LIVE_ERR_TEMPLATE` for a template that a view cannot render
 */
export function toHtml(template: unknown): string {
  const tree = new TreeBuilder().child(template, undefined);
  return new PageHtml(encodeHtml(tree), true).toHtml();
}
