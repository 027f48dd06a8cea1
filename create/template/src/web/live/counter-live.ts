import { liveView } from "@live-session/adapter-koa";
import { html } from "lit";

/** The home page: a counter that runs on the server. */
export const counterLive = liveView("CounterLive", {
  types: {} as { own: { count: number } },
  mount({ socket }) {
    socket.assign({ count: 0 });
    socket.pageTitle = "Counter";
  },
  handleEvent: {
    inc({ socket }) {
      socket.assign({ count: socket.assigns.count + 1 });
    },
  },
  render: ({ count }) => html`
    <h1>Counter</h1>
    <div class="card">
      <p class="count">Current count: <strong>${count}</strong></p>
      <p><button type="button" live-click="inc">Increment</button></p>
    </div>`,
});
