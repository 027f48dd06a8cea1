import { createHash, randomBytes } from "node:crypto";

const TOKEN_BYTES = 32;
const MINUTE_MS = 60 * 1000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** The purpose of a token. A change of address contains the old address and is valid only as long as it is. */
export type TokenContext = "session" | "confirm" | "login" | "reset_password" | `change:${string}`;

/** A new token for its owner, and the hash that the table keeps. */
export interface NewToken {
  /** 32 random bytes in URL-safe base64, without padding. */
  readonly token: string;
  /** SHA-256 of the bytes in hexadecimal. A reader of the table cannot log in with it. */
  readonly hash: string;
}

/** Creates a random token. */
export function createToken(): NewToken {
  const bytes = randomBytes(TOKEN_BYTES);
  return { token: bytes.toString("base64url"), hash: sha256(bytes) };
}

/** Returns the hash that finds a token in the table; null for any value that is not a token. */
export function hashToken(token: unknown): string | null {
  if (typeof token !== "string" || token.length > 2 * TOKEN_BYTES) return null;
  const bytes = Buffer.from(token, "base64url");
  // Node's decoder accepts other spellings of a token; refuse them.
  return bytes.length === TOKEN_BYTES && bytes.toString("base64url") === token
    ? sha256(bytes)
    : null;
}

/** Returns the time at which tokens that expire now were inserted. Logins by mail have the shortest validity. */
export function expiryOf(context: TokenContext, now: Date): Date {
  return new Date(now.getTime() - validityOf(context));
}

function validityOf(context: TokenContext): number {
  switch (context) {
    case "session":
      return 60 * DAY_MS;
    case "login":
      return 15 * MINUTE_MS;
    case "reset_password":
      return DAY_MS;
    default:
      return 7 * DAY_MS;
  }
}

/**
 * Returns the live socket id of a session, which disconnects the sockets of all its tabs when the token is
 * deleted. It is derived from the hash, the only part of a token that the table has.
 */
export function toLiveSocketId(hash: string): string {
  return `users_sessions:${Buffer.from(hash, "hex").toString("base64url")}=`;
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
