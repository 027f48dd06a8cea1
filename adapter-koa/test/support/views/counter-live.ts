import { html } from "lit";
import { liveView } from "../../../src/live/declarations/live-view.js";
import { cont, halt, reply } from "../../../src/live/socket/outcome.js";

/** A counter that answers with its count. */
export const counterLive = liveView("CounterLive", {
  types: {} as { own: { count: number } },
  mount({ socket }) {
    socket.assign({ count: 0 });
  },
  handleEvent: {
    inc({ socket }) {
      socket.assign({ count: socket.assigns.count + 1 });
      return reply({ count: socket.assigns.count });
    },
    idle() {},
  },
  handleInfo({ message, socket }) {
    if (message === "inc") socket.assign({ count: socket.assigns.count + 1 });
  },
  render: ({ count }) => html`<p>${count}</p>`,
});

/** A view without any callback but `render`. */
export const emptyLive = liveView("EmptyLive", { render: () => html`<p>empty</p>` });

/** Writes down which callbacks ran, in order. */
export function tracedLive(trace: string[]) {
  return liveView("TracedLive", {
    mount() {
      trace.push("mount");
    },
    handleParams() {
      trace.push("handleParams");
    },
    handleEvent: {
      go() {
        trace.push("handleEvent");
      },
    },
    handleInfo() {
      trace.push("handleInfo");
    },
    handleAsync() {
      trace.push("handleAsync");
    },
    render() {
      trace.push("render");
      return html`<p></p>`;
    },
  });
}

/** A hook callback that writes down that it ran and goes on. */
export const traced = (trace: string[], name: string) => () => {
  trace.push(name);
  return cont();
};

/** A hook callback that writes down that it ran and stops. */
export const tracedHalt = (trace: string[], name: string) => () => {
  trace.push(name);
  return halt();
};
