import { randomBytes } from "node:crypto";
import type { Context } from "koa";
import { toAccountKey } from "../../accounts/rate-limits.js";

const COOKIE = "live_sessions_browser";
const LIFETIME_MS = 365 * 24 * 60 * 60 * 1000;

/** Options of `KnownBrowsers`. */
export interface KnownBrowsersOptions {
  /** Whether cookies are for HTTPS only. */
  readonly secure: boolean;
}

/**
 * Recognizes the browser from which the owner of an account has logged in before, by a signed cookie. Its wrong
 * passwords are counted separately, so a stranger who guesses passwords cannot lock the owner out.
 */
export class KnownBrowsers {
  readonly #secure: boolean;

  constructor({ secure }: KnownBrowsersOptions) {
    this.#secure = secure;
  }

  /** Remembers that the owner of this address has logged in from the browser. */
  remember(ctx: Context, email: string): void {
    const key = toAccountKey(email);
    if (key === null || this.find(ctx, email) !== undefined) return;
    ctx.cookies.set(COOKIE, `${key}.${randomBytes(16).toString("base64url")}`, {
      signed: true,
      httpOnly: true,
      sameSite: "lax",
      secure: this.#secure,
      overwrite: true,
      maxAge: LIFETIME_MS,
    });
  }

  /** Returns the id of the browser if the owner of this address has logged in from it. */
  find(ctx: Context, email: unknown): string | undefined {
    const [key, id] = ctx.cookies.get(COOKIE, { signed: true })?.split(".") ?? [];
    return key !== undefined && key === toAccountKey(email) ? id : undefined;
  }
}
