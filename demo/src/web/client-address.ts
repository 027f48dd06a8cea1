import type { PageContext } from "@live-session/adapter-koa";

/** Passes the network address of the client to views as session data. The client can read it. */
export const clientAddress = (ctx: PageContext) => ({ address: ctx.ip });

/** Returns the network address from the session data of a view. */
export const addressOf = (session: Readonly<Record<string, unknown>>): string =>
  String(session.address);
