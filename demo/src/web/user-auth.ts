import {
  cont,
  halt,
  type Live,
  type MountContext,
  onMount,
  redirect,
} from "@live-session/adapter-koa";
import type { Context, Next } from "koa";
import type { Accounts } from "../accounts/accounts.js";
import type { User } from "../accounts/users/user.js";
import { isReturnPath, type UserSession } from "./session/user-session.js";

const LOG_IN_PATH = "/users/log_in";
const SIGNED_IN_PATH = "/";
const LOG_IN_FIRST = "You must log in to access this page.";

/**
 * Creates the hooks and the middleware that check the logged-in user. Each check exists twice: a live
 * navigation runs no middleware, and a plain post runs no hooks. During a request the hooks reuse the user
 * that the middleware has found. On a socket they query the user at every mount.
 */
export function userAuth(accounts: Accounts, userSession: UserSession, putFlash: Live["putFlash"]) {
  return {
    hooks: createHooks(accounts),
    middleware: createMiddleware(userSession, putFlash),
  };
}

function createHooks(accounts: Accounts) {
  const findCurrentUser = ({ session, socket }: MountContext): Promise<User | null> =>
    socket.assignNew("currentUser", () => accounts.userBySessionToken(session.user_token));
  return {
    /** Assigns the logged-in user, or null. */
    mountCurrentUser: onMount("mountCurrentUser", async (context) =>
      cont({ currentUser: await findCurrentUser(context) }),
    ),

    /**
     * Assigns the logged-in user. Redirects other visitors to the login page and back after the login. A socket
     * cannot set a cookie, so the signed flash passes the return path to the login page, whose form posts it.
     */
    ensureAuthenticated: onMount("ensureAuthenticated", async (context) => {
      const currentUser = await findCurrentUser(context);
      if (currentUser) return cont({ currentUser });
      const { pathname, search } = new URL(context.socket.url);
      context.socket.putFlash("error", LOG_IN_FIRST);
      if (isReturnPath(pathname + search)) context.socket.putFlash("return_to", pathname + search);
      return halt(redirect(LOG_IN_PATH));
    }),

    /** Redirects a logged-in user to the home page. */
    redirectIfUserIsAuthenticated: onMount("redirectIfUserIsAuthenticated", async (context) => {
      const currentUser = await findCurrentUser(context);
      return currentUser ? halt(redirect(SIGNED_IN_PATH)) : cont({ currentUser });
    }),
  };
}

function createMiddleware(userSession: UserSession, putFlash: Live["putFlash"]) {
  return {
    /**
     * Sets `ctx.state.currentUser` to the logged-in user or null, for the other middleware and the hooks. Browsers
     * must not store pages of a user: after the logout, the Back button would show them.
     */
    async fetchCurrentUser(ctx: Context, next: Next): Promise<void> {
      ctx.state.currentUser = await userSession.currentUser(ctx);
      if (ctx.state.currentUser) ctx.set("Cache-Control", "no-store");
      else userSession.nameVisitor(ctx);
      await next();
    },

    /** Redirects visitors who are not logged in to the login page, and back after the login. */
    async requireAuthenticatedUser(ctx: Context, next: Next): Promise<void> {
      if (ctx.state.currentUser) return next();
      if (ctx.method !== "HEAD") putFlash(ctx, "error", LOG_IN_FIRST);
      if (ctx.method === "GET") userSession.rememberReturnTo(ctx, ctx.path + ctx.search);
      ctx.redirect(LOG_IN_PATH);
    },

    /** Redirects a logged-in user to the home page. */
    async redirectIfUserIsAuthenticated(ctx: Context, next: Next): Promise<void> {
      if (!ctx.state.currentUser) return next();
      ctx.redirect(SIGNED_IN_PATH);
    },
  };
}
