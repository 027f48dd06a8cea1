import type { FlashMessages } from "@live-session/components/protocol";
import type { Tab } from "../browser/tab.js";
import type { ViewState } from "../browser/view-state.js";
import { assertPushed, refutePushed } from "./view-checks.js";

/**
 * A nested view of a connected page. Its elements are elements of the page: `page.element("#chat button")` finds them, and their
 * events go to the nested view. Each use of this object looks for the view again.
 */
export class NestedView {
  readonly #tab: Tab;
  readonly #id: string;

  /** Created by `page.nested`. */
  constructor(tab: Tab, id: string) {
    this.#tab = tab;
    this.#id = id;
  }

  /** The data that the view provides to its elements. */
  get provided(): Readonly<Record<string, unknown>> {
    return this.#view?.provided ?? {};
  }

  /** The flash messages of the view. */
  get flash(): FlashMessages {
    return this.#view?.flash ?? {};
  }

  /** Sends an event by name, as the script of an element does. The payload is not checked. */
  async push(event: string, payload: unknown = {}): Promise<void> {
    await this.#tab.push("push", event, payload, this.#id);
  }

  /** Sends the view a message for `handleInfo`. */
  async send(message: unknown): Promise<void> {
    await this.#tab.send(message, this.#id);
  }

  /** Asserts that the view pushed an event, with this payload if one is given. Each event satisfies one assertion. */
  assertPushEvent(name: string, payload?: unknown): void {
    assertPushed(this.#view?.events ?? [], name, payload);
  }

  /**
   * Asserts that the view has not pushed an event, or not with this payload. Ignores events that `assertPushEvent` has
   * checked.
   */
  refutePushEvent(name: string, payload?: unknown): void {
    refutePushed(this.#view?.events ?? [], name, payload);
  }

  get #view(): ViewState | undefined {
    return this.#tab.nestedView(this.#id);
  }
}
