import {
  cont,
  halt,
  type MountContext,
  onMount,
  putFlash,
  redirect,
} from "@live-session/adapter-koa";
import type { Context, Next } from "koa";
import type { Accounts } from "../accounts/accounts.js";
import type { User } from "../accounts/users/user.js";
import { isReturnPath, type UserSession } from "./user-session.js";

const LOG_IN_PATH = "/users/log_in";
const SIGNED_IN_PATH = "/";
const LOG_IN_FIRST = "You must log in to access this page.";

/**
 * The checks of who is logged in. A live navigation passes no middleware, and a plain post no hook, so
 * each check has two faces. The hooks find the user that the middleware has found for the same request;
 * over a socket they look again, at every mount.
 */
export function userAuth(accounts: Accounts, userSession: UserSession) {
  const findCurrentUser = ({ session, socket }: MountContext): Promise<User | null> =>
    socket.assignNew("currentUser", () => accounts.userBySessionToken(session.user_token));

  const hooks = {
    /** Assigns the logged-in user, or null. */
    mountCurrentUser: onMount("mountCurrentUser", async (context) =>
      cont({ currentUser: await findCurrentUser(context) }),
    ),

    /**
     * Assigns the logged-in user; anybody else is sent to log in, and comes back afterwards. Over a socket
     * no cookie can be set: the signed flash brings the way back to the log in page, whose form posts it.
     */
    ensureAuthenticated: onMount("ensureAuthenticated", async (context) => {
      const currentUser = await findCurrentUser(context);
      if (currentUser) return cont({ currentUser });
      const { pathname, search } = new URL(context.socket.url);
      context.socket.putFlash("error", LOG_IN_FIRST);
      if (isReturnPath(pathname + search)) context.socket.putFlash("return_to", pathname + search);
      return halt(redirect(LOG_IN_PATH));
    }),

    /** Sends away whoever is logged in already. */
    redirectIfUserIsAuthenticated: onMount("redirectIfUserIsAuthenticated", async (context) => {
      const currentUser = await findCurrentUser(context);
      return currentUser ? halt(redirect(SIGNED_IN_PATH)) : cont({ currentUser });
    }),
  };

  const middleware = {
    /** Puts the logged-in user, or null, into `ctx.state.currentUser`, where the others find it. */
    async fetchCurrentUser(ctx: Context, next: Next): Promise<void> {
      ctx.state.currentUser = await userSession.currentUser(ctx);
      await next();
    },

    /** Sends anybody who is not logged in to do so, and back to the page afterwards. */
    async requireAuthenticatedUser(ctx: Context, next: Next): Promise<void> {
      if (ctx.state.currentUser) return next();
      putFlash(ctx, "error", LOG_IN_FIRST);
      if (ctx.method === "GET") userSession.rememberReturnTo(ctx, ctx.path + ctx.search);
      ctx.redirect(LOG_IN_PATH);
    },

    /** Sends away whoever is logged in already. */
    async redirectIfUserIsAuthenticated(ctx: Context, next: Next): Promise<void> {
      if (!ctx.state.currentUser) return next();
      ctx.redirect(SIGNED_IN_PATH);
    },
  };

  return { hooks, middleware };
}
