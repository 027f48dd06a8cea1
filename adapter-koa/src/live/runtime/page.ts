import { html, type TemplateResult } from "lit";
import { isTemplateResult } from "lit/directive-helpers.js";
import { keyed } from "lit/directives/keyed.js";
import type { Layout, LayoutAssigns } from "../declarations/layout.js";
import { LiveError } from "../live-error.js";
import { type Socket, stateOf } from "../socket/socket.js";
import type { AssignReads } from "./assign-reads.js";

/**
 * The template of a mounted view within its layout.
 *
 * @param fallback the router's layout, for where hooks, live session and view name none
 * @param navigations the live navigations the page has made: the view's content is made anew with each,
 *   the layout stays; `undefined` on the disconnected mount, whose HTML is the same without a key
 * @param reads takes note of what the templates read
 */
export function toPage(
  socket: Socket,
  fallback: Layout | undefined,
  navigations: number | undefined,
  reads?: AssignReads,
): TemplateResult {
  const state = stateOf(socket);
  const { view } = state;
  const assigns = (reads ? reads.track(state.assigns) : state.assigns) as unknown as LayoutAssigns;
  const rendered: unknown = view.definition.render(assigns, socket);
  if (!isTemplateResult(rendered)) {
    throw new LiveError("LIVE_ERR_TEMPLATE", `${view.name}.render returned no template`, {
      expected: "html`…`",
      got: rendered,
    });
  }
  const content = navigations === undefined ? rendered : keyed(navigations, rendered);
  const layout =
    state.layout ?? state.route.liveSession.layout ?? view.definition.layout ?? fallback;
  if (!layout) return html`${content}`;
  const around = state.withContent(content, () => layout(assigns));
  if (isTemplateResult(around)) return around as TemplateResult;
  throw new LiveError("LIVE_ERR_LAYOUT", `the layout around ${view.name} returned no template`, {
    expected: "html`…` with the content in it",
    got: around,
  });
}
