import { renderThunked } from "@lit-labs/ssr";
import { collectResultSync } from "@lit-labs/ssr/lib/render-result.js";

/**
 * Renders a root layout to HTML with Lit's own renderer, which also renders server-only templates. Views are encoded by
 * `encodeHtml` instead.
 *
 * @throws Error when an element in it renders asynchronously, which Lit elements never do
 */
export function renderWithLit(template: unknown): string {
  return collectResultSync(renderThunked(template, { deferHydration: true }));
}
