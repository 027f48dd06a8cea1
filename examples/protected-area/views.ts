import { liveView } from "@live-session/adapter-koa";
import { html } from "lit";
import type { User } from "./users.js";

/** The public home page. */
export const homeLive = liveView("HomeLive", {
  types: {} as { needs: { currentUser: User | null } },
  mount({ socket }) {
    socket.pageTitle = "Home";
  },
  render: ({ currentUser }) => html`
    <h1>Home</h1>
    <p>Hello ${currentUser?.name ?? "visitor"}!</p>
    <p><a href="/dashboard" live-navigate>Dashboard</a></p>`,
});

/** The login page. Its form is a plain post, which can set the session. */
export const logInLive = liveView("LogInLive", {
  mount({ socket }) {
    socket.pageTitle = "Log in";
  },
  render: ({ flash, csrfToken }) => html`
    <h1>Log in</h1>
    ${flash.error ? html`<p role="alert">${flash.error}</p>` : null}
    <form action="/log_in" method="post">
      <input type="hidden" name="_csrf_token" value=${csrfToken}>
      <p><label>Name <input name="name" autocomplete="username" required></label></p>
      <p>
        <label>Password
          <input type="password" name="password" autocomplete="current-password" required>
        </label>
      </p>
      <button>Log in</button>
    </form>`,
});

/** A page for users. */
export const dashboardLive = liveView("DashboardLive", {
  types: {} as { needs: { currentUser: User }; own: { notes: readonly string[] } },
  mount({ socket }) {
    socket.assign({ notes: [] });
    socket.pageTitle = "Dashboard";
  },
  handleEvent: {
    add({ payload, socket }) {
      const { note } = payload as { note?: unknown };
      if (typeof note === "string" && note.trim() !== "")
        socket.assign({ notes: [...socket.assigns.notes, note] });
    },
  },
  render: ({ currentUser, notes, csrfToken }) => html`
    <h1>Dashboard of ${currentUser.name}</h1>
    <ul>${notes.map((note) => html`<li>${note}</li>`)}</ul>
    <form method="post" live-submit="add">
      <label>Note <input name="note" autocomplete="off"></label>
      <button>Add</button>
    </form>
    <form action="/log_out" method="post">
      <input type="hidden" name="_csrf_token" value=${csrfToken}>
      <button>Log out</button>
    </form>`,
});
