// Must be imported before Lit: it adds hydration to Lit's elements.
import "@lit-labs/ssr-client/lit-element-hydrate-support.js";
import { css, html, LitElement, type PropertyDeclarations, type TemplateResult } from "lit";
import { type Box, boxStyles, renderBoxes } from "./box.js";
import { define } from "./define.js";
import type { LiveErrorEvent } from "./events.js";
import { LiveSessionController } from "./live-session-controller.js";
import { PresenceController } from "./presence-controller.js";
import type { FlashMessages } from "./protocol/index.js";

const kinds = ["info", "error"] as const;
type Kind = (typeof kinds)[number];

// A view that has crashed is joined again after about a second.
const errorDelayMs = 400;

/** The texts of a `<live-flash>`, in English by default. */
export interface LiveFlashTexts {
  /** The title of an `info` message. */
  readonly info: string;
  /** The title of an `error` message. */
  readonly error: string;
  /** The title while the connection is lost. */
  readonly disconnected: string;
  /** The title while the view has failed. */
  readonly failed: string;
  /** The message below these two titles. */
  readonly reconnecting: string;
  /** The message about an event that is too large to be sent. */
  readonly tooLong: string;
  /** The name of the close button of a box. */
  readonly close: string;
}

const english: LiveFlashTexts = {
  info: "Success!",
  error: "Error!",
  disconnected: "We can't find the internet",
  failed: "Something went wrong!",
  reconnecting: "Attempting to reconnect",
  tooLong: "The input is too long to be sent",
  close: "Close",
};

/**
 * Shows flash messages of the kinds `info` and `error`, and a box while the connection is lost.
 *
 * It shows the messages of the `flash` property, which the server's HTML contains, until the view provides its flash. A
 * click on a box hides it at once and pushes `lv:clear-flash` with `{ key: kind }` to the view. A lost connection is
 * shown after `connection-delay`, a view that has crashed after at most 0.4 s. If an event is too large to be sent
 * (`LIVE_ERR_TOO_LARGE`), a box of the kind `error` says so until a click on it, or until the view has answered a later
 * event.
 *
 * @example
 * ```html
 * <live-flash flash='{"info":"Settings saved."}'></live-flash>
 * ```
 *
 * @csspart box - A box.
 * @csspart info - The box of an `info` message.
 * @csspart error - The box of an `error` message or of a lost connection.
 * @csspart title - The title of a box.
 * @csspart text - The message.
 * @csspart close - The close button of a box.
 * @cssprop [--live-flash-background=Canvas] - The background of a box.
 * @cssprop [--live-flash-color=CanvasText] - The text of a box.
 * @cssprop [--live-flash-info-color=#059669] - The bar of an `info` box.
 * @cssprop [--live-flash-error-color=#e11d48] - The bar of an `error` box.
 */
export class LiveFlashElement extends LitElement {
  static override styles = [
    boxStyles,
    css`
      :host {
        top: 0;
      }
      .box {
        border-inline-start: 0.3rem solid var(--live-flash-info-color, #059669);
        background: var(--live-flash-background, Canvas);
        color: var(--live-flash-color, CanvasText);
      }
      [part~="error"] {
        border-inline-start-color: var(--live-flash-error-color, #e11d48);
      }
    `,
  ];
  static override properties: PropertyDeclarations = {
    flash: { type: Object },
    connectionDelay: { type: Number, attribute: "connection-delay" },
    texts: { type: Object },
  };

  /** The messages by kind, until the view provides its own. The attribute contains JSON. */
  declare flash?: FlashMessages | null;
  /** How long the connection must be lost before a box is shown, in milliseconds. */
  declare connectionDelay: number;
  /** Replaces texts of the element, for another language. The attribute contains JSON. */
  declare texts?: Partial<LiveFlashTexts> | null;

  readonly #live = new LiveSessionController(this);
  readonly #presence = new PresenceController<Box>(this);
  /** Messages that the user has dismissed and the data still contains. */
  readonly #dismissed = new Map<Kind, string | undefined>();
  #current: FlashMessages = {};
  /** Whether a message of the client is shown in place of the view's message of the kind `error`. */
  #isTooLong = false;
  #problem: "disconnected" | "error" | undefined;
  #problemLasts = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.connectionDelay = 1000;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("live-error", this.#handleError);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("live-error", this.#handleError);
    this.#endProblem();
  }

  protected override willUpdate(): void {
    const provided = this.#live.mountData?.flash as FlashMessages | undefined;
    this.#current = {
      ...(provided ?? this.flash),
      ...(this.#isTooLong && { error: this.#texts.tooLong }),
    };
    for (const [kind, message] of this.#dismissed) {
      if (this.#current[kind] !== message) this.#dismissed.delete(kind);
    }
    this.#followConnection();
  }

  override render(): TemplateResult {
    const boxes = [...this.#messageBoxes(), ...this.#problemBoxes()];
    return html`<div class="boxes">${renderBoxes(this.#presence.present(boxes), this.#texts.close)}</div>`;
  }

  readonly #handleError = ({ code }: LiveErrorEvent): void => {
    if (code !== "LIVE_ERR_TOO_LARGE") return;
    this.#setTooLong(true);
    addEventListener("live-answer", () => this.#setTooLong(false), { capture: true, once: true });
  };

  #setTooLong(isTooLong: boolean): void {
    this.#isTooLong = isTooLong;
    this.requestUpdate();
  }

  get #texts(): LiveFlashTexts {
    return { ...english, ...this.texts };
  }

  #messageBoxes(): Box[] {
    return kinds
      .filter((kind) => this.#current[kind] && !this.#dismissed.has(kind))
      .map((kind) => ({
        ...this.#box(`flash-${kind}`, kind, this.#texts[kind], this.#current[kind]),
        onClick: () => this.#dismiss(kind),
      }));
  }

  #problemBoxes(): Box[] {
    if (!this.#problemLasts) return [];
    const { disconnected, failed, reconnecting } = this.#texts;
    return [
      this.#problem === "error"
        ? this.#box("server-error", "error", failed, reconnecting)
        : this.#box("disconnected", "error", disconnected, reconnecting),
    ];
  }

  #box(id: string, kind: Kind, title: string, text: string | undefined): Box {
    return { id, class: "box", part: `box ${kind}`, role: "alert", title, text };
  }

  #dismiss(kind: Kind): void {
    this.#dismissed.set(kind, this.#current[kind]);
    this.#setTooLong(false);
    const end = (): void => {
      this.#dismissed.delete(kind);
      this.requestUpdate();
    };
    // Ignores a failure: a view that is joined again has no flash.
    this.#live.handle?.push("lv:clear-flash", { key: kind }).then(end, () => {});
  }

  #followConnection(): void {
    const status = this.#live.handle?.status;
    // The first attempt to connect shows no box, and a later attempt does not hide the box.
    if (status === "connecting") return;
    if (!status || status === "connected") {
      this.#endProblem();
      return;
    }
    this.#problem = status;
    const { connectionDelay } = this;
    const delay = status === "error" ? Math.min(connectionDelay, errorDelayMs) : connectionDelay;
    this.#timer ??= setTimeout(() => {
      this.#problemLasts = true;
      this.requestUpdate();
    }, delay);
  }

  #endProblem(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#problemLasts = false;
  }
}

define("live-flash", LiveFlashElement);

declare global {
  interface HTMLElementTagNameMap {
    "live-flash": LiveFlashElement;
  }
}
