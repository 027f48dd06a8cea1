import { randomInt } from "node:crypto";

const DIGITS = 6;

/** Creates a random code of six digits. */
export function createLoginCode(): string {
  return String(randomInt(10 ** DIGITS)).padStart(DIGITS, "0");
}

/** Returns the digits of a typed code, without the spaces and hyphens of its groups; null for any other value. */
export function toLoginCode(typed: unknown): string | null {
  if (typeof typed !== "string" || typed.length > 100) return null;
  const digits = typed.normalize("NFKC").replace(/[\s-]/g, "");
  return /^\d{6}$/.test(digits) ? digits : null;
}
