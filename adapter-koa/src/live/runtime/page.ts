import { html, type TemplateResult } from "lit";
import { isTemplateResult } from "lit/directive-helpers.js";
import { keyed } from "lit/directives/keyed.js";
import { LiveError } from "../live-error.js";
import type { Layout, LayoutAssigns } from "../socket/layout.js";
import type { AssignReads } from "./assign-reads.js";
import type { ViewSocket } from "./view-socket.js";

/** How a page is rendered. */
export interface PageOptions {
  /** The router's layout, for views without another layout. */
  readonly layout: Layout | undefined;
  /**
   * The number of live navigations of the page. Each creates the view's DOM nodes again and keeps those of the
   * layout. `undefined` on the disconnected mount, whose HTML is the same without a key.
   */
  readonly navigations?: number;
  /** Records which assigns the templates read. */
  readonly reads?: AssignReads | undefined;
}

/**
 * Renders a mounted view within its layout.
 *
 * @throws LiveError `LIVE_ERR_TEMPLATE` or `LIVE_ERR_LAYOUT` when `render` or the layout returns no template
 */
export function toPage(
  socket: ViewSocket,
  { layout: fallback, navigations, reads }: PageOptions,
): TemplateResult {
  const { view } = socket;
  const rendered = renderView(socket, reads);
  const content = navigations === undefined ? rendered : keyed(navigations, rendered);
  const layout =
    socket.layout ?? socket.route.liveSession.layout ?? view.definition.layout ?? fallback;
  if (!layout) return html`${content}`;
  const assigns = { ...socket.assigns, content };
  const page: unknown = layout((reads?.track(assigns) ?? assigns) as unknown as LayoutAssigns);
  if (isTemplateResult(page)) return page as TemplateResult;
  throw new LiveError("LIVE_ERR_LAYOUT", `result of the layout of ${view.name} is not a template`, {
    expected: "html`…` that contains the content",
    got: page,
  });
}

function renderView(socket: ViewSocket, reads: AssignReads | undefined): unknown {
  const { name, definition } = socket.view;
  const assigns = (reads?.track(socket.assigns) ?? socket.assigns) as unknown as LayoutAssigns;
  const rendered: unknown = definition.render(assigns, reads?.trackSocket(socket) ?? socket);
  if (isTemplateResult(rendered)) return rendered;
  throw new LiveError("LIVE_ERR_TEMPLATE", `result of ${name}.render is not a template`, {
    expected: "html`…`",
    got: rendered,
  });
}
