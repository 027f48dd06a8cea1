import { html } from "lit";
import { liveView } from "../../../src/live/declarations/live-view.js";
import { cont, halt, reply } from "../../../src/live/socket/outcome.js";

/** A counter that replies with its count. */
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

/** A view without callbacks except `render`. */
export const emptyLive = liveView("EmptyLive", { render: () => html`<p>empty</p>` });

/** Records which callbacks ran, in order. */
export function tracedLive(trace: string[]) {
  return liveView("TracedLive", {
    mount() {
      trace.push("mount");
    },
    connected() {
      trace.push("connected");
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

/** A hook callback that records its name and continues. */
export const traced = (trace: string[], name: string) => () => {
  trace.push(name);
  return cont();
};

/** A hook callback that records its name and halts. */
export const tracedHalt = (trace: string[], name: string) => () => {
  trace.push(name);
  return halt();
};
