import { render } from "@lit-labs/ssr";
import { collectResult } from "@lit-labs/ssr/lib/render-result.js";

/**
 * The HTML of a template, with the marks by which the browser takes it over without replacing a node.
 * Custom elements in it wait for that too.
 */
export function toHtml(template: unknown): Promise<string> {
  return collectResult(render(template, { deferHydration: true }));
}
