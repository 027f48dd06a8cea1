import { randomUUID } from "node:crypto";

/** A person who can log in. */
export interface User {
  readonly name: string;
}

const passwords = new Map([["ada", "lovelace"]]);
const sessions = new Map<string, User>();

/** Begins a session. Returns its token, or null for a wrong name or password. */
export function logIn(name: string, password: string): string | null {
  if (password === "" || passwords.get(name) !== password) return null;
  const token = randomUUID();
  sessions.set(token, { name });
  return token;
}

/** Ends a session. */
export function logOut(token: unknown): void {
  if (typeof token === "string") sessions.delete(token);
}

/** Finds the user of a session token, or null. */
export function userByToken(token: unknown): User | null {
  return (typeof token === "string" && sessions.get(token)) || null;
}
