import { timingSafeEqual } from "node:crypto";
import Keygrip from "keygrip";

/**
 * Keys for `app.keys`: the first signs cookies (HMAC-SHA256), all verify, so that they can be rotated. Keygrip,
 * except that signatures are compared by Node, in constant time as well, at a third of the cost: Keygrip hashes
 * both once more. A page and a socket's handshake each verify the session cookie.
 *
 * @example
 * app.keys = new CookieKeys([config.secret]);
 * app.use(session(app)).use(live.middleware());
 *
 * @throws Error when there is no secret
 */
export class CookieKeys extends Keygrip {
  /** @param secrets the newest first */
  constructor(secrets: readonly string[]) {
    super([...secrets], ...form);
    const keys = secrets.map((secret) => new Keygrip([secret], ...form));
    // Keygrip's methods belong to the instance.
    this.index = (data, digest) => {
      const given = Buffer.from(digest);
      return keys.findIndex((key) => {
        const right = Buffer.from(key.sign(data));
        return right.length === given.length && timingSafeEqual(right, given);
      });
    };
  }
}

/** Signatures are as Keygrip writes them, without a detour over another alphabet. */
const form = ["sha256", "base64url"] as const;
