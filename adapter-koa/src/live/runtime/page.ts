import { html, type TemplateResult } from "lit";
import { isTemplateResult } from "lit/directive-helpers.js";
import { keyed } from "lit/directives/keyed.js";
import { LiveError } from "../live-error.js";
import type { Layout, LayoutAssigns } from "../socket/layout.js";
import type { LiveView } from "../socket/socket.js";
import { AssignReads } from "./assign-reads.js";
import type { ViewSocket } from "./view-socket.js";

/** The options for rendering a page. */
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
  /** The layout of the last render, which is used again if nothing that it has read has changed. */
  readonly lastLayout?: RenderedLayout | undefined;
}

/**
 * Renders a mounted view within its layout.
 *
 * @throws LiveError `LIVE_ERR_TEMPLATE` or `LIVE_ERR_LAYOUT` when `render` or the layout returns no template
 */
export function toPage(
  socket: ViewSocket,
  { layout: fallback, navigations, reads, lastLayout }: PageOptions,
): TemplateResult {
  const { view } = socket;
  const rendered = renderView(socket, reads);
  const layout = socket.isNested
    ? undefined
    : (socket.layout ?? socket.route.liveSession.layout ?? view.definition.layout ?? fallback);
  if (lastLayout) return lastLayout.around(rendered, layout, socket);
  const content = navigations === undefined ? rendered : keyed(navigations, rendered);
  return layout ? renderLayout(layout, { content, ...socket.assigns }, view) : html`${content}`;
}

function renderLayout(layout: Layout, assigns: object, { name }: LiveView): TemplateResult {
  const page: unknown = layout(assigns as LayoutAssigns);
  if (isTemplateResult(page)) return page as TemplateResult;
  throw new LiveError("LIVE_ERR_LAYOUT", `result of the layout of ${name} is not a template`, {
    expected: "html`…` that contains the content",
    got: page,
  });
}

/**
 * The layout of a connected view. It is rendered again only if an assign that it has read has changed. Otherwise the
 * same template contains the new content.
 */
export class RenderedLayout {
  /** The value `content` of the layout: a directive, whose second argument is replaced by each render. */
  readonly #content: { readonly values: [navigations: number, rendered: unknown] };
  readonly #reads = new AssignReads();
  #layout: Layout | false | undefined;
  #page: TemplateResult | undefined;

  /** @param navigations the number of live navigations of the page */
  constructor(navigations: number) {
    this.#content = { ...keyed(navigations, undefined), values: [navigations, undefined] };
  }

  /** Whether the layout has read one of these assigns. */
  hasRead(keys: Iterable<string>): boolean {
    return this.#reads.includeAny(keys);
  }

  /** Returns the layout around the rendered view. */
  around(
    rendered: unknown,
    layout: Layout | false | undefined,
    socket: ViewSocket,
  ): TemplateResult {
    this.#content.values[1] = rendered;
    if (!this.#page || layout !== this.#layout || this.hasRead(socket.changed)) {
      this.#layout = layout;
      this.#page = this.#render(layout, socket);
    }
    return this.#page;
  }

  #render(layout: Layout | false | undefined, { assigns, view }: ViewSocket): TemplateResult {
    const content = this.#content;
    return layout
      ? renderLayout(layout, this.#reads.track({ content, ...assigns }), view)
      : html`${content}`;
  }
}

function renderView(socket: ViewSocket, reads: AssignReads | undefined): unknown {
  const { name, definition, eventNames } = socket.view;
  const assigns = (reads?.track(socket.assigns) ?? socket.assigns) as unknown as LayoutAssigns;
  const rendered: unknown = definition.render(
    assigns,
    reads?.trackSocket(socket) ?? socket,
    eventNames,
  );
  if (isTemplateResult(rendered)) return rendered;
  throw new LiveError("LIVE_ERR_TEMPLATE", `result of ${name}.render is not a template`, {
    expected: "html`…`",
    got: rendered,
  });
}
