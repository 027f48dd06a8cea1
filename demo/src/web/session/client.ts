import type { PageContext } from "@live-session/adapter-koa";
import { browserOf } from "./known-browser.js";
import { isRemembered } from "./user-session.js";

/** The visitor of a form, for rate limits. */
export type Client = {
  /** The network address. */
  readonly address: string;
  /** The value of the cookie of known browsers; null if there is none. */
  readonly browser: string | null;
};

/** Returns the client of a request. As session data it is passed to views; the visitor can read it. */
export const clientOf = (ctx: Pick<PageContext, "ip" | "cookies">): Client => ({
  address: ctx.ip,
  browser: browserOf(ctx),
});

/** Passes the client to views, and whether the browser keeps the user logged in. */
export const clientDetails = (ctx: PageContext) => ({
  ...clientOf(ctx),
  remembered: isRemembered(ctx),
});

/** Returns the client from the session data of a view. */
export const clientFrom = ({ address, browser }: Readonly<Record<string, unknown>>): Client => ({
  address: String(address),
  browser: typeof browser === "string" ? browser : null,
});
