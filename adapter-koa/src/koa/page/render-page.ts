import type { WireTemplate, WireValue } from "@live-session/components/protocol";
import { type MaybePromise, then } from "../../live/maybe-promise.js";
import { buildNestedElement, buildPlainElement } from "../../live/nested/nested-element.js";
import type { NestedUse } from "../../live/nested/nested-use.js";
import { duplicateNested, nestedRoute } from "../../live/nested/nested-views.js";
import { mount } from "../../live/runtime/lifecycle.js";
import { toPage } from "../../live/runtime/page.js";
import { disconnectedHost, ViewSocket } from "../../live/runtime/view-socket.js";
import { noFlash } from "../../live/socket/flash.js";
import { channels, isTraced, type LiveTrace, trace, traceOf } from "../../live/tracing/tracing.js";
import { encodeHtml, encodeNestedHtml } from "../../render/html/encode-html.js";
import { warnOfMovedContent } from "../../render/html/moved-content.js";
import { TreeBuilder } from "../../render/tree-builder.js";
import type { ComponentBuilder, NestedRenderer } from "../../render/wire-builder.js";
import type { LiveServices } from "../live-services.js";
import type { AdoptableView } from "./adoptable-views.js";
import { toNestedElement } from "./join-info.js";

/** The data that the views of a page share. */
export interface PageViews {
  /** The prefix at which visitors see the app. */
  readonly base: string;
  /** See `JoinToken.sessionKey`. */
  readonly sessionKey: string;
  /** The data of the HTTP session, and the extra session data of the live session. */
  readonly session: Readonly<Record<string, unknown>>;
  /** The `ctx.state` of the request. */
  readonly shared: Readonly<Record<string, unknown>>;
  /** The view that is rendered, if a join may adopt it; then the views inside it may be adopted too. */
  readonly adoptable: AdoptableView | undefined;
}

/**
 * Renders a mounted view in its layout to HTML, from the same wire values that a socket would get, and mounts and renders the
 * views inside it. It waits only if there are any.
 *
 * @returns the HTML, or the nested view whose mount navigates
 */
export function renderPage(
  socket: ViewSocket,
  page: PageViews,
  services: LiveServices,
): MaybePromise<string | ViewSocket> {
  if (!isTraced(channels.render)) return renderView(socket, page, services);
  const message = traceOf(socket);
  return trace<LiveTrace, string | ViewSocket>(channels.render, message, () =>
    then(renderView(socket, page, services), (rendered) => {
      if (typeof rendered === "string") message.bytes = Buffer.byteLength(rendered);
      return rendered;
    }),
  );
}

function renderView(
  socket: ViewSocket,
  page: PageViews,
  services: LiveServices,
): MaybePromise<string | ViewSocket> {
  const { name } = socket.view;
  const nested = new NestedOfPage(page, services);
  const tree = nested.build(socket);
  const finish = (html: string): string => {
    warnOfMovedContent(name, html);
    return html;
  };
  if (nested.isEmpty) return finish(encodeHtml(tree));
  return then(nested.renderAll(), (contents) =>
    contents instanceof ViewSocket
      ? contents
      : finish(encodeHtml(tree, (element) => contents.get(element))),
  );
}

/** The HTML inside the elements of nested views. */
type Contents = ReadonlyMap<WireTemplate, string>;

/** The views that one view of a page contains. */
class NestedOfPage implements NestedRenderer {
  readonly #page: PageViews;
  readonly #services: LiveServices;
  /** The ids of all views of the page. */
  readonly #ids: Set<string>;
  readonly #uses = new Map<WireTemplate, NestedUse>();
  #parent: ViewSocket | undefined;

  constructor(page: PageViews, services: LiveServices, ids: Set<string> = new Set()) {
    this.#page = page;
    this.#services = services;
    this.#ids = ids;
  }

  get isEmpty(): boolean {
    return this.#uses.size === 0;
  }

  /** Builds the tree of the view around the nested views. */
  build(parent: ViewSocket): WireValue {
    this.#parent = parent;
    this.#ids.add(parent.id);
    const host = { useComponents: () => parent.useComponents(), useNested: () => this };
    const { layout } = this.#services.router;
    const tree = new TreeBuilder(undefined, parent.view.name, host).child(
      toPage(parent, { layout }),
      undefined,
    );
    // If a join adopts the view, its channel renders the nested views inside components again, to know them.
    if (!this.isEmpty) parent.components?.forgetTrees();
    return tree;
  }

  render(use: NestedUse, previous: WireValue | undefined, builder: ComponentBuilder): WireValue {
    if (this.#ids.has(use.id)) throw duplicateNested(use);
    this.#ids.add(use.id);
    const { id, route, csrfToken } = this.#parent as ViewSocket;
    const { base, sessionKey: visitor } = this.#page;
    const { tree, node } = route.liveSession.connect
      ? buildNestedElement(
          toNestedElement(
            use.id,
            { id, match: { route, params: {} }, visitor, csrfToken, base },
            this.#services,
          ),
          use.view.name,
          previous,
          builder,
        )
      : buildPlainElement(use.id, builder);
    this.#uses.set(node, use);
    return tree;
  }

  /** Mounts and renders the nested views. @returns their HTML, or the view whose mount navigates */
  async renderAll(): Promise<Contents | ViewSocket> {
    const rendered = await Promise.all(
      Array.from(this.#uses, async ([node, use]) => [node, await this.#renderOne(use)] as const),
    );
    const contents = new Map<WireTemplate, string>();
    for (const [node, content] of rendered) {
      if (content instanceof ViewSocket) return content;
      contents.set(node, content);
    }
    return contents;
  }

  /** Renders a nested view. An error in it leaves its element empty, and the join of the page tries again. */
  #renderOne(use: NestedUse): Promise<string | ViewSocket> {
    const { adoptable } = this.#page;
    return adoptable ? this.#renderAdoptable(use, adoptable.nest(use)) : this.#renderPlain(use);
  }

  async #renderAdoptable(use: NestedUse, adoptable: AdoptableView): Promise<string | ViewSocket> {
    try {
      return await this.#renderMounted(await adoptable.mount(), adoptable);
    } catch (error) {
      adoptable.end("crash");
      return this.#fail(use, error);
    }
  }

  async #renderPlain(use: NestedUse): Promise<string | ViewSocket> {
    const socket = this.#createSocket(use);
    try {
      await mount(socket, { params: {}, session: { ...this.#page.session, ...use.session } });
      return await this.#renderMounted(socket, undefined);
    } catch (error) {
      return this.#fail(use, error);
    } finally {
      socket.disconnect();
    }
  }

  #fail(use: NestedUse, error: unknown): string {
    this.#services.onError(error, `lv:${use.id}`);
    return "";
  }

  async #renderMounted(
    socket: ViewSocket,
    adoptable: AdoptableView | undefined,
  ): Promise<string | ViewSocket> {
    if (socket.navigation) return socket;
    const inside = new NestedOfPage({ ...this.#page, adoptable }, this.#services, this.#ids);
    const tree = inside.build(socket);
    const contents = await inside.renderAll();
    if (contents instanceof ViewSocket) return contents;
    return encodeNestedHtml(tree, (element) => contents.get(element));
  }

  #createSocket(use: NestedUse): ViewSocket {
    const parent = this.#parent as ViewSocket;
    return new ViewSocket({
      id: use.id,
      route: nestedRoute(parent.route, use.view),
      url: parent.url,
      base: parent.base,
      csrfToken: parent.csrfToken,
      flash: noFlash,
      connectParams: null,
      shared: this.#page.shared,
      isNested: true,
      host: disconnectedHost,
      uploadHost: {
        store: this.#services.uploads,
        visitor: "",
        onError: (error) => this.#services.onError(error, ""),
      },
    });
  }
}
