import type { JoinRefusal } from "@live-session/components/protocol";
import { type NestedElement, nestedIdOf } from "../../live/nested/nested-element.js";
import type { NestedContent } from "../../render/html/encode-html.js";
import { failure } from "../failure.js";
import type { ViewConnection } from "./view-connection.js";
import type { ViewState } from "./view-state.js";

/** Returns the params of a join. */
export type JoinParams = (csrfToken: string, mounts: number) => Readonly<Record<string, unknown>>;

interface NestedTab {
  readonly connection: ViewConnection;
  mounts: number;
}

/** The nested views that a page shows, over the connection of the page. */
export class NestedTabs {
  readonly #root: ViewConnection;
  readonly #params: JoinParams;
  readonly #byId = new Map<string, NestedTab>();

  constructor(root: ViewConnection, params: JoinParams) {
    this.#root = root;
    this.#params = params;
  }

  /** Returns the HTML inside the elements of nested views. */
  readonly content: NestedContent = (element) => {
    const id = nestedIdOf(element);
    return id === undefined ? undefined : this.#byId.get(id)?.connection.view?.toHtml(this.content);
  };

  /**
   * Returns the client of a nested view.
   *
   * @throws AssertionError when the page does not show the view, or the view has crashed
   */
  find(id: string): ViewConnection {
    const tab = this.#byId.get(id);
    if (!tab) {
      throw failure(`the page has no nested view "${id}"`, { candidates: [...this.#byId.keys()] });
    }
    tab.connection.assertAlive();
    return tab.connection;
  }

  /** Waits until each view has handled its messages, and joins and leaves views until the page shows what it contains. */
  async settle(withTasks: boolean, timeout: number): Promise<void> {
    do {
      for (const { connection } of this.#byId.values())
        await connection.settle(withTasks, timeout, false);
    } while (await this.#sync());
  }

  /** @returns whether something has changed */
  async #sync(): Promise<boolean> {
    const shown = new Map(this.#shown(this.#root.view).map((element) => [element.id, element]));
    let hasChanged = false;
    for (const [id, { connection }] of this.#byId) {
      if (shown.has(id)) continue;
      this.#byId.delete(id);
      await connection.leave();
      hasChanged = true;
    }
    for (const element of shown.values()) {
      const tab = this.#byId.get(element.id) ?? this.#add(element.id);
      if (tab.connection.isJoined) continue;
      if (await this.#join(tab, element)) hasChanged = true;
    }
    return hasChanged;
  }

  #add(id: string): NestedTab {
    const tab = { connection: this.#root.share(`lv:${id}`), mounts: 0 };
    this.#byId.set(id, tab);
    return tab;
  }

  /** @returns whether the view has been joined; a view that navigates the page is not */
  async #join(tab: NestedTab, { id, token, csrfToken }: NestedElement): Promise<boolean> {
    const { view, url } = this.#root.view
      ? { view: tab.connection.view, url: this.#root.view.url }
      : {};
    if (!url) return false;
    const params = this.#params(csrfToken, tab.mounts);
    const payload = { token, url: url.href, kept: view?.kept?.sealed, params };
    const refusal: JoinRefusal | undefined = await tab.connection.join(payload, url);
    if (!refusal) tab.mounts++;
    else if (refusal.reason !== "busy")
      throw failure(`the nested view "${id}" refused the join`, { got: refusal.reason });
    return !refusal;
  }

  #shown(view: ViewState | undefined): readonly NestedElement[] {
    return (view?.nested ?? []).flatMap((element) => [
      element,
      ...this.#shown(this.#byId.get(element.id)?.connection.view),
    ]);
  }
}
