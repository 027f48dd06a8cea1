import { liveView } from "@live-session/adapter-koa";
import { html } from "lit";

/** A message of the topic `ticks`. */
export interface Tick {
  readonly n: number;
}

/**
 * Creates a view that shows the number of the last tick.
 *
 * @param decoded receives the ticks: a process that decodes a message for each view adds as many objects
 */
export const createTicksLive = (decoded: Set<unknown>) =>
  liveView("TicksLive", {
    types: {} as { own: Tick },
    mount({ socket }) {
      socket.subscribe("ticks");
      socket.assign({ n: 0 });
    },
    handleInfo({ message, socket }) {
      decoded.add(message);
      socket.assign({ n: (message as Tick).n });
    },
    render: ({ n }) => html`<p>Tick: ${n}</p>`,
  });
