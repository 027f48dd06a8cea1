import { ContextConsumer } from "@lit/context";
import type { ReactiveControllerHost } from "lit";
import { type LiveSessionHandle, liveSessionContext, type MountData, mountDataContext } from "./context.js";

type Host = ReactiveControllerHost & HTMLElement;

/**
 * What an element hears from the `<live-session>` it stands in.
 *
 * It starts to listen after the element's first render. The server knows no contexts, so the first
 * render in the browser then equals the server's and hydrates; a second one follows with the values.
 *
 * @example
 * ```ts
 * class CartBadge extends LitElement {
 *   #live = new LiveSessionController(this);
 *
 *   override render() {
 *     return html`<button @click=${() => this.#live.handle?.push("cart:open")}>
 *       ${this.#live.mountData?.cartSize ?? 0}
 *     </button>`;
 *   }
 * }
 * ```
 */
export class LiveSessionController {
  #session: ContextConsumer<typeof liveSessionContext, Host> | undefined;
  #mountData: ContextConsumer<typeof mountDataContext, Host> | undefined;

  constructor(host: Host) {
    void host.updateComplete.then(() => {
      this.#session = new ContextConsumer(host, { context: liveSessionContext, subscribe: true });
      this.#mountData = new ContextConsumer(host, { context: mountDataContext, subscribe: true });
    });
  }

  /** How to talk to the view; `undefined` outside of a live session, on the server, and in the first render. */
  get handle(): LiveSessionHandle | undefined {
    return this.#session?.value;
  }

  /** What the view provides; `undefined` in the same cases as {@link handle}. */
  get mountData(): MountData | undefined {
    return this.#mountData?.value;
  }
}
