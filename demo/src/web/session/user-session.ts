import { randomUUID } from "node:crypto";
import { isLocalPath } from "@live-session/adapter-koa/http";
import type { Context } from "koa";
import type { Accounts } from "../../accounts/accounts.js";
import type { User } from "../../accounts/users/user.js";
import { deviceName } from "./device-name.js";
import { KnownBrowsers } from "./known-browser.js";
import { startNewSession } from "./new-session.js";

const REMEMBER_ME_COOKIE = "live_sessions_remember_me";
/** As long as the token in the cookie is valid. */
const REMEMBER_ME_MS = 60 * 24 * 60 * 60 * 1000;
const SIGNED_IN_PATH = "/";
/** Limits the size of the session cookie. */
const RETURN_TO_MAX_LENGTH = 1024;

/** The data of the HTTP session. The library reads `live_socket_id`. */
interface SessionData {
  user_token?: string | undefined;
  live_socket_id?: string | undefined;
  user_return_to?: string | undefined;
}

/** Options of `UserSession`. */
export interface UserSessionOptions {
  readonly accounts: Accounts;
  /** Disconnects the sockets with these ids. */
  readonly endSockets: (liveSocketIds: readonly string[]) => void;
  /** Whether cookies are for HTTPS only. */
  readonly secure: boolean;
}

/** Keeps the logged-in user in the HTTP session, and in a cookie that lasts longer. */
export class UserSession {
  /** The browsers in which users are logged in. */
  readonly #knownBrowsers: KnownBrowsers;
  readonly #accounts: Accounts;
  readonly #endSockets: UserSessionOptions["endSockets"];
  readonly #cookieOptions;

  constructor({ accounts, endSockets, secure }: UserSessionOptions) {
    this.#knownBrowsers = new KnownBrowsers({ secure });
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

  /**
   * Logs in the user of the remember-me cookie if the session has no user. Starts a new session, like every login.
   * Call it before the CSRF token is checked: a stranger may have planted the old session with its token.
   */
  async resume(ctx: Context): Promise<void> {
    if (sessionOf(ctx).user_token !== undefined || !isRemembered(ctx)) return;
    const token = ctx.cookies.get(REMEMBER_ME_COOKIE, { signed: true });
    const user = token === undefined ? null : await this.#accounts.userBySessionToken(token);
    if (!user || token === undefined) return this.#forgetMe(ctx);
    await this.#startNew(ctx);
    this.#keepToken(ctx, token);
  }

  /**
   * Gives the session of a visitor an id, by which a login in another tab disconnects the sockets of its pages. They
   * connect again, are refused, and load the page of the new session.
   */
  nameVisitor(ctx: Context): void {
    sessionOf(ctx).live_socket_id ??= `visitors:${randomUUID()}`;
  }

  /** Finds the user of a request, whose browser is known from now on. Clears the remember-me cookie of an ended session. */
  async currentUser(ctx: Context): Promise<User | null> {
    const { user_token: token } = sessionOf(ctx);
    if (token === undefined) return null;
    const user = await this.#accounts.userBySessionToken(token);
    // Repeated at each request, because the address of the account may have changed.
    if (user) this.#knownBrowsers.remember(ctx, user.email);
    else if (isRemembered(ctx)) this.#forgetMe(ctx);
    return user;
  }

  /**
   * Replaces the session with a new one. All data of the old session, including its CSRF secret, becomes
   * invalid.
   *
   * @returns the path that the user wanted to open before the login
   */
  async logIn(ctx: Context, user: User, { rememberMe = false } = {}): Promise<string> {
    const { user_return_to: returnTo = SIGNED_IN_PATH } = sessionOf(ctx);
    const token = await this.#accounts.createUserSessionToken(user, deviceName(ctx));
    await this.#startNew(ctx);
    this.#keepToken(ctx, token);
    this.#knownBrowsers.remember(ctx, user.email);
    if (rememberMe) ctx.cookies.set(REMEMBER_ME_COOKIE, token, this.#cookieOptions);
    return returnTo;
  }

  /** Ends the session of this browser, if there is one, in all its tabs. */
  async logOut(ctx: Context): Promise<void> {
    const liveSocketIds = await this.#accounts.deleteUserSessionToken(sessionOf(ctx).user_token);
    await this.#end(ctx, liveSocketIds);
  }

  /** Ends all sessions of a user in all browsers, including the session of the request. */
  async logOutEverywhere(ctx: Context, user: User): Promise<void> {
    await this.#end(ctx, await this.#accounts.deleteUserSessionTokens(user));
  }

  /** Returns the token of the session of a request; undefined for visitors. */
  tokenOf(ctx: Context): string | undefined {
    return sessionOf(ctx).user_token;
  }

  /** Remembers the path to open after the next login. Ignores paths of other sites and long ones. */
  rememberReturnTo(ctx: Context, path: unknown): void {
    if (isReturnPath(path)) sessionOf(ctx).user_return_to = path;
  }

  /** Replaces the session and disconnects the sockets of the old one. */
  async #startNew(ctx: Context): Promise<void> {
    const { live_socket_id: liveSocketId } = sessionOf(ctx);
    await startNewSession(ctx);
    if (liveSocketId !== undefined) this.#endSockets([liveSocketId]);
  }

  async #end(ctx: Context, liveSocketIds: readonly string[]): Promise<void> {
    await startNewSession(ctx);
    this.#forgetMe(ctx);
    this.#endSockets(liveSocketIds);
  }

  #forgetMe(ctx: Context): void {
    ctx.cookies.set(REMEMBER_ME_COOKIE, null, this.#cookieOptions);
  }

  #keepToken(ctx: Context, token: string): void {
    const session = sessionOf(ctx);
    session.user_token = token;
    session.live_socket_id = this.#accounts.liveSocketIdOf(token) ?? undefined;
  }
}

/**
 * Whether a request has a remember-me cookie, valid or not. The settings form posts it, because the cookie is invalid
 * after the password has changed.
 */
export function isRemembered(ctx: Context): boolean {
  return ctx.cookies.get(REMEMBER_ME_COOKIE, { signed: false }) !== undefined;
}

/** Whether the site can redirect to a path after the login: a local path that fits into the session cookie. */
export function isReturnPath(path: unknown): path is string {
  return typeof path === "string" && path.length <= RETURN_TO_MAX_LENGTH && isLocalPath(path);
}

function sessionOf(ctx: Context): SessionData {
  return ctx.session as SessionData;
}
