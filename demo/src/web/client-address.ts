import type { PageContext } from "@live-session/adapter-koa";

/** Extra session data that tells a view the network address of its client. It is the client's own to see. */
export const clientAddress = (ctx: PageContext) => ({ address: ctx.ip });

/** The network address in the session data of a view. */
export const addressOf = (session: Readonly<Record<string, unknown>>): string =>
  String(session.address);
