import { html } from "lit";
import type { LiveView, Socket } from "../../../src/live/socket/socket.js";
import { badLive } from "./bad-live.js";

/** The argument of the handlers of {@link handlingLive}. */
export interface Handled {
  readonly socket: Socket<Record<string, unknown>>;
  readonly payload: unknown;
  readonly message: unknown;
  readonly params: Readonly<Record<string, unknown>>;
}

/** A view that renders its assign `shown` and handles the event `do` with a function of the test. */
export const handlingLive = (
  run: (context: Handled) => unknown,
  more: Readonly<Record<string, unknown>> = {},
): LiveView =>
  badLive({
    handleEvent: { do: run },
    render: ({ shown }: { shown?: unknown }) => html`<p>${shown}</p>`,
    ...more,
  });
