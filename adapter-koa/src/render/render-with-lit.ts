import { renderThunked } from "@lit-labs/ssr";
import { collectResultSync } from "@lit-labs/ssr/lib/render-result.js";

/**
 * Renders a template to HTML. The HTML contains the markers with which Lit hydrates it in the browser without replacing a
 * node. Custom elements in it do not hydrate before the view does.
 *
 * @throws Error when an element in it renders asynchronously, which Lit elements never do
 */
export function toHtml(template: unknown): string {
  return collectResultSync(renderThunked(template, { deferHydration: true }));
}
