import type { PageContext } from "@live-session/adapter-koa";
import { isRemembered } from "./session/user-session.js";

/** Passes the network address of the client to views as session data. The client can read it. */
export const clientAddress = (ctx: PageContext) => ({ address: ctx.ip });

/** Returns the network address from the session data of a view. */
export const addressOf = (session: Readonly<Record<string, unknown>>): string =>
  String(session.address);

/** Passes `clientAddress`, and whether the browser keeps the user logged in. */
export const clientDetails = (ctx: PageContext) => ({
  ...clientAddress(ctx),
  remembered: isRemembered(ctx),
});
