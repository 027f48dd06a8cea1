import { randomUUID } from "node:crypto";
import { type Live, liveView } from "@live-session/adapter-koa";
import type { Middleware } from "koa";
import { html } from "lit";

/** The login page. Its form is a plain post, which can set the session. */
export const logInLive = liveView("LogInLive", {
  mount({ socket }) {
    socket.pageTitle = "Log in";
  },
  render: ({ flash, csrfToken }) => html`
    <main class="log-in">
      <h1>Team</h1>
      ${flash.error ? html`<p role="alert">${flash.error}</p>` : null}
      <form action="/log_in" method="post">
        <input type="hidden" name="_csrf_token" value=${csrfToken}>
        <label>Your name <input name="name" autocomplete="nickname" maxlength="30" required autofocus></label>
        <button>Log in</button>
      </form>
    </main>`,
});

/** Handles the posts of the login and logout forms. */
export function logInRoutes(live: Live): Middleware {
  return async function logInRoutes(ctx, next) {
    if (ctx.method !== "POST") return next();
    if (ctx.path === "/log_in") {
      const { name } = ctx.request.body as { name?: unknown };
      const member = typeof name === "string" ? name.trim() : "";
      if (member === "" || member.length > 30) {
        live.putFlash(ctx, "error", "Enter a name of at most 30 characters.");
        return ctx.redirect("/log_in");
      }
      // A new session: an attacker who knows the old one gains nothing.
      ctx.session = { member, live_socket_id: randomUUID() };
      return ctx.redirect("/");
    }
    if (ctx.path === "/log_out") {
      const { live_socket_id: id } = ctx.session ?? {};
      ctx.session = null;
      if (id) live.disconnect(id);
      return ctx.redirect("/log_in");
    }
    return next();
  };
}
