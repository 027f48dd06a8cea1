import { ContextConsumer } from "@lit/context";
import type { ReactiveControllerHost } from "lit";
import {
  type LiveSessionContext,
  type LiveSessionHandle,
  liveSessionContext,
  type MountData,
  type MountDataContext,
  mountDataContext,
} from "./context.js";
import type { AnyEvents, EventTypes } from "./push.js";

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
export class LiveSessionController<
  Events extends EventTypes<Events> = AnyEvents,
  Data extends object = MountData,
> {
  #session: ContextConsumer<LiveSessionContext<Events>, Host> | undefined;
  #mountData: ContextConsumer<MountDataContext<Data>, Host> | undefined;

  constructor(host: Host) {
    void host.updateComplete.then(() => {
      const context = liveSessionContext as LiveSessionContext<Events>;
      this.#session = new ContextConsumer(host, { context, subscribe: true });
      this.#mountData = new ContextConsumer(host, {
        context: mountDataContext as MountDataContext<Data>,
        subscribe: true,
      });
    });
  }

  /** How to talk to the view; `undefined` outside of a live session, on the server, and in the first render. */
  get handle(): LiveSessionHandle<Events> | undefined {
    return this.#session?.value;
  }

  /** What the view provides, nothing until it is joined; `undefined` in the same cases as {@link handle}. */
  get mountData(): Readonly<Partial<Data>> | undefined {
    return this.#mountData?.value;
  }
}
