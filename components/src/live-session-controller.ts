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
 * Gives an element access to the closest `<live-session>` around it.
 *
 * It consumes the contexts after the element's first render. There are no contexts on the server, so the first render in
 * the browser equals the server's render and hydrates it. A second render follows with the values.
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

  /** The connection to the view. `undefined` outside of a live session, on the server, and in the first render. */
  get handle(): LiveSessionHandle<Events> | undefined {
    return this.#session?.value;
  }

  /** The data that the view provides, empty until the view is joined. `undefined` in the same cases as {@link handle}. */
  get mountData(): Readonly<Partial<Data>> | undefined {
    return this.#mountData?.value;
  }
}
