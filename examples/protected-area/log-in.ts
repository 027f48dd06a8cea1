import { randomUUID } from "node:crypto";
import type { Live } from "@live-session/adapter-koa";
import type { Middleware } from "koa";
import { logIn, logOut } from "./users.js";

/** Handles the posts of the login and logout forms. */
export function logInRoutes(live: Live): Middleware {
  return async function logInRoutes(ctx, next) {
    if (ctx.method !== "POST") return next();
    const { name, password } = ctx.request.body as { name?: unknown; password?: unknown };
    if (ctx.path === "/log_in") {
      const token = logIn(String(name), String(password));
      if (token === null) {
        live.putFlash(ctx, "error", "Invalid name or password.");
        return ctx.redirect("/log_in");
      }
      // A new session: an attacker who knows the old one gains nothing.
      ctx.session = { token, live_socket_id: randomUUID() };
      return ctx.redirect("/dashboard");
    }
    if (ctx.path === "/log_out") {
      const { token, live_socket_id: id } = ctx.session ?? {};
      logOut(token);
      ctx.session = null;
      if (id) live.disconnect(id);
      return ctx.redirect("/");
    }
    return next();
  };
}
