import { liveView } from "@live-session/adapter-koa";
import { html } from "lit";

const titles: Readonly<Record<string, string>> = {
  mount_a: "Mount A",
  mount_b: "Mount B",
  mount_c: "Mount C",
};

/** The page that lists the hooks that ran at its mount. */
export const mountLive = liveView("MountLive", {
  mount({ socket }) {
    socket.pageTitle = titles[socket.liveAction ?? ""];
  },
  render: (_assigns, socket) => html`
    <h1>My live socket ID is <strong>${socket.id}</strong></h1>
    <p>These hooks ran on mount, in this order:</p>
    <ol class="hooks">
      ${socket.lifecycle
        .filter(({ stage }) => stage === "mount")
        .map(
          ({ id, stage }) =>
            html`<li><strong class="id">${id}</strong> <span class="stage">${stage}</span></li>`,
        )}
    </ol>`,
});
