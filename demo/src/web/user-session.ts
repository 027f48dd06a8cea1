import { isLocalPath } from "@live-session/adapter-koa";
import type { Context } from "koa";
import type { Accounts } from "../accounts/accounts.js";
import type { User } from "../accounts/users/user.js";

const REMEMBER_ME_COOKIE = "live_sessions_remember_me";
/** As long as the token in it is good for. */
const REMEMBER_ME_MS = 60 * 24 * 60 * 60 * 1000;
const SIGNED_IN_PATH = "/";
/** Cookies have an end. */
const RETURN_TO_MAX_LENGTH = 1024;

/** What the site keeps in the HTTP session; the library reads `live_socket_id`. */
interface SessionData {
  user_token?: string | undefined;
  live_socket_id?: string | undefined;
  user_return_to?: string | undefined;
}

/** What a `UserSession` works with. */
export interface UserSessionOptions {
  readonly accounts: Accounts;
  /** Cuts the sockets that were opened with a session. */
  readonly endSockets: (liveSocketIds: readonly string[]) => void;
  /** Whether cookies are for HTTPS only. */
  readonly secure: boolean;
}

/** Who is logged in, in the HTTP session and in the cookie that outlives it. */
export class UserSession {
  readonly #accounts: Accounts;
  readonly #endSockets: UserSessionOptions["endSockets"];
  readonly #cookieOptions;

  constructor({ accounts, endSockets, secure }: UserSessionOptions) {
    this.#accounts = accounts;
    this.#endSockets = endSockets;
    this.#cookieOptions = {
      signed: true,
      httpOnly: true,
      sameSite: "lax",
      secure,
      overwrite: true,
      maxAge: REMEMBER_ME_MS,
    } as const;
  }

  /** The user of the request; one who is only remembered gets a session for it. */
  async currentUser(ctx: Context): Promise<User | null> {
    const { user_token: kept } = sessionOf(ctx);
    const token = kept ?? ctx.cookies.get(REMEMBER_ME_COOKIE, { signed: true });
    const user = token === undefined ? null : await this.#accounts.userBySessionToken(token);
    if (user && token !== undefined && kept === undefined) this.#keepToken(ctx, token);
    return user;
  }

  /**
   * Begins a session in the place of the one there is: nothing that stood in it, its CSRF secret
   * included, is worth anything afterwards.
   *
   * @returns where the user wanted to go
   */
  async logIn(ctx: Context, user: User, { rememberMe = false } = {}): Promise<string> {
    const { user_return_to: returnTo = SIGNED_IN_PATH } = sessionOf(ctx);
    const token = await this.#accounts.createUserSessionToken(user);
    ctx.session = {};
    this.#keepToken(ctx, token);
    if (rememberMe) ctx.cookies.set(REMEMBER_ME_COOKIE, token, this.#cookieOptions);
    return returnTo;
  }

  /** Ends the session, whether there is one or not, in every tab. */
  async logOut(ctx: Context): Promise<void> {
    this.#end(ctx, await this.#accounts.deleteUserSessionToken(sessionOf(ctx).user_token));
  }

  /** Ends all sessions of a user, that of the request included, in every browser. */
  async logOutEverywhere(ctx: Context, user: User): Promise<void> {
    this.#end(ctx, await this.#accounts.deleteUserSessionTokens(user));
  }

  /** Remembers where to go after the next log in. What is no path of this site, or too long, is ignored. */
  rememberReturnTo(ctx: Context, path: unknown): void {
    if (isReturnPath(path)) sessionOf(ctx).user_return_to = path;
  }

  #end(ctx: Context, liveSocketIds: readonly string[]): void {
    ctx.session = {};
    ctx.cookies.set(REMEMBER_ME_COOKIE, null, this.#cookieOptions);
    this.#endSockets(liveSocketIds);
  }

  #keepToken(ctx: Context, token: string): void {
    const session = sessionOf(ctx);
    session.user_token = token;
    session.live_socket_id = this.#accounts.liveSocketIdOf(token) ?? undefined;
  }
}

/** Whether somebody can be sent to a path after the log in: it leads to no other site, and fits into a cookie. */
export function isReturnPath(path: unknown): path is string {
  return typeof path === "string" && path.length <= RETURN_TO_MAX_LENGTH && isLocalPath(path);
}

function sessionOf(ctx: Context): SessionData {
  return ctx.session as SessionData;
}
