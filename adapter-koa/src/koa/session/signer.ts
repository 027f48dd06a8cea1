import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from "node:crypto";

/** What signed data is for. Data that was signed for one purpose is not accepted for another. */
export type Purpose = "join" | "flash" | "long-poll";

/** The signed data, and the time of signing in milliseconds since 1970. */
interface Signed {
  readonly d: unknown;
  readonly t: number;
}

/** The clocks of several servers may differ by this much, in milliseconds. */
const clockSkew = 10_000;

/**
 * Signs JSON that travels through the browser. The signature is an HMAC-SHA256 with secrets that can be rotated. The data is
 * not encrypted: anyone can read it.
 *
 * It does what Keygrip does for signed cookies, but every join verifies a token, and Keygrip compares by two more HMACs.
 */
export class Signer {
  readonly #keys: readonly KeyObject[];
  /** A longer string is not verified. */
  readonly maxLength: number;

  /** @param secrets the first one signs, all of them verify */
  constructor(secrets: readonly string[], maxLength = 64 * 1024) {
    this.#keys = secrets.map((secret) => createSecretKey(secret, "utf8"));
    this.maxLength = maxLength;
  }

  /** Returns the data and its signature as one string. */
  sign(purpose: Purpose, data: unknown): string {
    const signed: Signed = { d: data, t: Date.now() };
    const body = Buffer.from(JSON.stringify(signed)).toString("base64url");
    return `${body}.${signatureOf(`${purpose}.${body}`, this.#keys[0] as KeyObject)}`;
  }

  /**
   * Verifies a signed string and returns its data. Returns `undefined` when the string is forged, malformed, from the
   * future, or older than `lifetime` milliseconds.
   */
  verify(purpose: Purpose, text: unknown, lifetime: number): unknown {
    if (typeof text !== "string" || text.length > this.maxLength) return undefined;
    const [body, signature, ...rest] = text.split(".");
    if (!body || !signature || rest.length > 0) return undefined;
    const signed = `${purpose}.${body}`;
    if (!this.#keys.some((key) => isEqual(signature, signatureOf(signed, key)))) return undefined;
    const { d, t } = JSON.parse(Buffer.from(body, "base64url").toString()) as Signed;
    const age = Date.now() - t;
    return age <= lifetime && age >= -clockSkew ? d : undefined;
  }
}

const signatureOf = (text: string, key: KeyObject): string =>
  createHmac("sha256", key).update(text).digest("base64url");

/** Compares two signatures in constant time. */
function isEqual(given: string, expected: string): boolean {
  const bytes = Buffer.from(given);
  const expectedBytes = Buffer.from(expected);
  return bytes.length === expectedBytes.length && timingSafeEqual(bytes, expectedBytes);
}
