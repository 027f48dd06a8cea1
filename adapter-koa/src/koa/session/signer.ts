import Keygrip from "keygrip";

/** The purpose of signed data. Data that was signed for one purpose is not accepted for another. */
export type Purpose = "join" | "flash" | "long-poll";

/** The signed data, and the time of signing in milliseconds since 1970. */
interface Signed {
  readonly d: unknown;
  readonly t: number;
}

/** The clocks of several servers may differ by this much, in milliseconds. */
const clockSkew = 10_000;

/**
 * Signs JSON that travels through the browser. The signature is an HMAC-SHA256, as for signed cookies, with secrets that
 * can be rotated. The data is not encrypted: anyone can read it.
 */
export class Signer {
  readonly #keys: Keygrip;
  /** A longer string is not verified. */
  readonly maxLength: number;

  /** @param secrets the first one signs, all of them verify */
  constructor(secrets: readonly string[], maxLength = 64 * 1024) {
    this.#keys = new Keygrip([...secrets], "sha256", "base64url");
    this.maxLength = maxLength;
  }

  /** Returns the data and its signature as one string. */
  sign(purpose: Purpose, data: unknown): string {
    const signed: Signed = { d: data, t: Date.now() };
    const body = Buffer.from(JSON.stringify(signed)).toString("base64url");
    return `${body}.${this.#keys.sign(`${purpose}.${body}`)}`;
  }

  /**
   * Verifies a signed string and returns its data. Returns `undefined` when the string is forged, malformed, from the
   * future, or older than `lifetime` milliseconds.
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
