import { randomBytes } from "node:crypto";
import type { PageContext } from "@live-session/adapter-koa";
import { toAccountKey } from "../../accounts/rate-limits.js";

const COOKIE = "live_sessions_browser";
const LIFETIME_MS = 365 * 24 * 60 * 60 * 1000;

type CookieContext = Pick<PageContext, "cookies">;

/** Options of `KnownBrowsers`. */
export interface KnownBrowsersOptions {
  /** Whether cookies are for HTTPS only. */
  readonly secure: boolean;
}

/**
 * Marks the browser in which the owner of an account is logged in, by a signed cookie. Its wrong passwords and its
 * requests for mails are counted separately, so a stranger cannot lock the owner out.
 */
export class KnownBrowsers {
  readonly #secure: boolean;

  constructor({ secure }: KnownBrowsersOptions) {
    this.#secure = secure;
  }

  /** Remembers that the owner of this address is logged in in the browser. */
  remember(ctx: CookieContext, email: string): void {
    const key = toAccountKey(email);
    if (key === null || browserIdFor(browserOf(ctx), email) !== undefined) return;
    ctx.cookies.set(COOKIE, `${key}.${randomBytes(16).toString("base64url")}`, {
      signed: true,
      httpOnly: true,
      sameSite: "lax",
      secure: this.#secure,
      overwrite: true,
      maxAge: LIFETIME_MS,
    });
  }
}

/** Returns the value of the cookie of a request; null if there is none, or if it is forged. */
export function browserOf(ctx: CookieContext): string | null {
  return ctx.cookies.get(COOKIE, { signed: true }) ?? null;
}

/** Returns the id of a browser from its cookie, if the owner of this address has been logged in in it. */
export function browserIdFor(browser: string | null, email: unknown): string | undefined {
  const [key, id] = browser?.split(".") ?? [];
  return key !== undefined && key === toAccountKey(email) ? id : undefined;
}
