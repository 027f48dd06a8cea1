import { createHash, randomBytes } from "node:crypto";

const TOKEN_BYTES = 32;
const DAY_MS = 24 * 60 * 60 * 1000;

/** What a token is good for. A change of address names the old one, and so ends with it. */
export type TokenContext = "session" | "confirm" | "reset_password" | `change:${string}`;

/** A token's two faces: what its owner is given, and what the table keeps. */
export interface NewToken {
  /** 32 random bytes in URL-safe base64, without padding. */
  readonly token: string;
  /** Their SHA-256 in hexadecimal. Whoever reads the table cannot get in with it. */
  readonly hash: string;
}

/** Makes a token. */
export function createToken(): NewToken {
  const bytes = randomBytes(TOKEN_BYTES);
  return { token: bytes.toString("base64url"), hash: sha256(bytes) };
}

/** The hash by which a token is found; null for anything that is no token, of whatever type it is. */
export function hashToken(token: unknown): string | null {
  if (typeof token !== "string" || token.length > 2 * TOKEN_BYTES) return null;
  const bytes = Buffer.from(token, "base64url");
  // Node decodes leniently: what encodes to something else was not one of ours.
  return bytes.length === TOKEN_BYTES && bytes.toString("base64url") === token
    ? sha256(bytes)
    : null;
}

/** A token inserted at this time or before is expired. A short life for the one that gives the account away. */
export function expiryOf(context: TokenContext, now: Date): Date {
  return new Date(now.getTime() - validDays(context) * DAY_MS);
}

function validDays(context: TokenContext): number {
  switch (context) {
    case "session":
      return 60;
    case "reset_password":
      return 1;
    default:
      return 7;
  }
}

/**
 * The live socket id of a session: what the sockets of all its tabs listen to, and are cut by when its token
 * goes. Made from the hash, since that is all we have when tokens are deleted.
 */
export function toLiveSocketId(hash: string): string {
  return `users_sessions:${Buffer.from(hash, "hex").toString("base64url")}=`;
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
