import { liveView } from "@live-session/adapter-koa";
import { html } from "lit";

/** The home page: a counter, and the greeting of the live session's hook. */
export const pageLive = liveView("PageLive", {
  types: {} as { needs: { fromLiveSession: string }; own: { count: number } },
  mount({ socket }) {
    socket.assign({ count: 0 });
    socket.pageTitle = "Home";
  },
  handleEvent: {
    inc({ socket }) {
      socket.assign({ count: socket.assigns.count + 1 });
    },
  },
  render: ({ count, fromLiveSession }) => html`
    <h1>Live sessions</h1>
    <div class="card">
      <p>This is the home page.</p>
      <p class="muted">${fromLiveSession}</p>
      <p class="count">Current count: <strong>${count}</strong></p>
      <p><button type="button" live-click="inc">Increment</button></p>
      <p><a href="/feedback" live-navigate>Give feedback</a></p>
    </div>`,
});
