import { html } from "lit";
import { type LiveViewDefinition, liveView } from "../../../src/live/declarations/live-view.js";
import type { LiveView } from "../../../src/live/socket/socket.js";

type Definition = LiveViewDefinition<Record<never, never>>;

/** A view with callbacks that would not compile. */
export const badLive = (definition: Readonly<Record<string, unknown>>): LiveView =>
  liveView("BadLive", { render: () => html`<p></p>`, ...definition } as Definition);

/** A view that renders the result of `value`. */
export const showing = (value: () => unknown): LiveView =>
  liveView("ShowingLive", { render: () => html`<p>${value()}</p>` });
