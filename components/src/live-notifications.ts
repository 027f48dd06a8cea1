// Must be imported before Lit: it adds hydration to Lit's elements.
import "@lit-labs/ssr-client/lit-element-hydrate-support.js";
import {
  css,
  html,
  LitElement,
  nothing,
  type PropertyDeclarations,
  type TemplateResult,
} from "lit";
import { type Box, boxStyles, renderBoxes } from "./box.js";
import { define } from "./define.js";
import { LiveSessionController } from "./live-session-controller.js";
import { PresenceController } from "./presence-controller.js";

/** A notification that the view provides. The element ignores other fields. */
export interface LiveNotification {
  readonly id: string;
  readonly title: string;
  readonly description?: string;
}

/** The texts of a `<live-notifications>`, in English by default. */
export interface LiveNotificationsTexts {
  /** The name of the close button of a notification. */
  readonly close: string;
  /** The button that closes all notifications. */
  readonly closeAll: string;
}

/**
 * Shows the `notifications` that the view provides, in the given order, and lets the user close them.
 *
 * Closing hides an item at once and pushes `notifications:close` with `{ id }`, or `notifications:close-all`, to the view.
 * If the push fails or the view keeps the item, it appears again. The `notifications` hook of the server handles both
 * events. Screen readers announce new notifications.
 *
 * @example
 * ```html
 * <live-session …>
 *   <live-notifications></live-notifications>
 * </live-session>
 * ```
 *
 * @csspart panel - The live region that contains the items.
 * @csspart item - A notification.
 * @csspart title - The title of a notification.
 * @csspart text - The description of a notification.
 * @csspart close - The close button of a notification.
 * @csspart close-all - The button that closes all notifications.
 * @cssprop [--live-notifications-background=Canvas] - The background of an item.
 * @cssprop [--live-notifications-color=CanvasText] - The text of an item.
 * @cssprop [--live-notifications-border-color=GrayText] - The line around an item.
 */
export class LiveNotificationsElement extends LitElement {
  static override styles = [
    boxStyles,
    css`
      :host {
        bottom: 0;
      }
      .box {
        border-color: var(--live-notifications-border-color, GrayText);
        background: var(--live-notifications-background, Canvas);
        color: var(--live-notifications-color, CanvasText);
      }
      [part="close-all"] {
        width: 100%;
        margin-bottom: 0.5rem;
        padding: 0.75rem;
      }
    `,
  ];
  static override properties: PropertyDeclarations = {
    items: { type: Array },
    texts: { type: Object },
  };

  /** The notifications. They replace those that the view provides. The attribute contains JSON. */
  declare items?: readonly LiveNotification[] | null;
  /** Replaces texts of the element, for another language. The attribute contains JSON. */
  declare texts?: Partial<LiveNotificationsTexts> | null;

  readonly #live = new LiveSessionController(this);
  readonly #presence = new PresenceController<Box>(this);
  /** The ids of each click that closes notifications, until the view has answered. */
  readonly #closing = new Set<readonly string[]>();
  #open: readonly LiveNotification[] = [];

  protected override willUpdate(): void {
    const provided = this.items ?? this.#live.mountData?.notifications;
    const all: readonly LiveNotification[] = Array.isArray(provided) ? provided : [];
    for (const ids of this.#closing) {
      if (!all.some(({ id }) => ids.includes(id))) this.#closing.delete(ids);
    }
    const closing = [...this.#closing].flat();
    this.#open = all.filter(({ id }) => !closing.includes(id));
  }

  override render(): TemplateResult {
    const boxes = this.#open.map(({ id, title, description }) => ({
      id: `notification-${id}`,
      class: "box notification-item",
      part: "item",
      title,
      text: description,
      onClose: () => this.#close([id], "notifications:close", { id }),
    }));
    const { close = "Close", closeAll = "Close all" } = this.texts ?? {};
    return html`${
      this.#open.length > 1
        ? html`<button class="box" part="close-all" type="button" @click=${this.#closeAll}>${closeAll}</button>`
        : nothing
    }
      <div class="boxes" part="panel" aria-live="assertive">${renderBoxes(this.#presence.present(boxes), close)}</div>`;
  }

  #closeAll(): void {
    this.#close(
      this.#open.map(({ id }) => id),
      "notifications:close-all",
    );
  }

  #close(ids: readonly string[], event: string, payload?: Readonly<Record<string, unknown>>): void {
    const optimistic = (): (() => void) => {
      this.#closing.add(ids);
      this.requestUpdate();
      return () => {
        this.#closing.delete(ids);
        this.requestUpdate();
      };
    };
    const { handle } = this.#live;
    // Ignores a failure: the notification appears again, and the status of the session shows the cause.
    if (handle) handle.push(event, payload, { optimistic }).catch(() => {});
    else optimistic();
  }
}

define("live-notifications", LiveNotificationsElement);

declare global {
  interface HTMLElementTagNameMap {
    "live-notifications": LiveNotificationsElement;
  }
}
