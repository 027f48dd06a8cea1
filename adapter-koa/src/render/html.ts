import { renderThunked } from "@lit-labs/ssr";
import { collectResultSync } from "@lit-labs/ssr/lib/render-result.js";

/**
 * The HTML of a template, with the marks by which the browser takes it over without replacing a node.
 * Custom elements in it wait for that too.
 *
 * @throws Error when an element in it renders asynchronously, which Lit elements never do
 */
export function toHtml(template: unknown): string {
  return collectResultSync(renderThunked(template, { deferHydration: true }));
}
