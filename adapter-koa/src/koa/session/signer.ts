import { CookieKeys } from "./cookie-keys.js";

/** What a signed text is for; one signed for one purpose is not accepted for another. */
export type Purpose = "join" | "flash" | "long-poll";

/** What was signed, and when, in milliseconds since 1970. */
interface Signed {
  readonly d: unknown;
  readonly t: number;
}

/** Clocks of several servers may differ by this much, in milliseconds. */
const clockSkew = 10_000;

/**
 * Signs JSON for a way through the browser: HMAC-SHA256, as cookies are signed, with keys that
 * can be rotated. Signed data is readable by anyone.
 */
export class Signer {
  readonly #keys: CookieKeys;
  /** Longer texts are not verified. */
  readonly maxLength: number;

  /** @param secrets the first signs, all verify */
  constructor(secrets: readonly string[], maxLength = 64 * 1024) {
    this.#keys = new CookieKeys(secrets);
    this.maxLength = maxLength;
  }

  sign(purpose: Purpose, data: unknown): string {
    const signed: Signed = { d: data, t: Date.now() };
    const body = Buffer.from(JSON.stringify(signed)).toString("base64url");
    return `${body}.${this.#keys.sign(`${purpose}.${body}`)}`;
  }

  /**
   * The data of a signed text, or `undefined` when it is forged, malformed, from the future, or older
   * than `lifetime` milliseconds.
   */
  verify(purpose: Purpose, text: unknown, lifetime: number): unknown {
    if (typeof text !== "string" || text.length > this.maxLength) return undefined;
    const [body, signature, ...rest] = text.split(".");
    if (!body || !signature || rest.length > 0) return undefined;
    if (!this.#keys.verify(`${purpose}.${body}`, signature)) return undefined;
    const { d, t } = JSON.parse(Buffer.from(body, "base64url").toString()) as Signed;
    const age = Date.now() - t;
    return age <= lifetime && age >= -clockSkew ? d : undefined;
  }
}
