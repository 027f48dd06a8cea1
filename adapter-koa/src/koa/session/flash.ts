import type { FlashMessages } from "@live-session/components/protocol";
import type { Context } from "koa";
import { flashLifetime, putFlash as put, toFlash } from "../../live/socket/flash.js";
import { httpSession, ownKeys } from "./http-session.js";
import type { Signer } from "./signer.js";

/** The cookie in which the client brings a flash along when a navigation becomes a page load. */
const cookie = "__live_flash__";

/** Keeps a message in the HTTP session for the next page. Without a session the message is lost. */
export function putFlash(ctx: Context, kind: string, message: string): void {
  const session = httpSession(ctx);
  if (session) session[ownKeys.flash] = put(toFlash(session[ownKeys.flash]), kind, message);
}

/** Keeps messages for the next page. */
export function keepFlash(ctx: Context, flash: FlashMessages): void {
  for (const [kind, message] of Object.entries(flash)) putFlash(ctx, kind, message);
}

/** Takes the messages that wait for this page; they are shown once. */
export function takeFlash(ctx: Context, signer: Signer): FlashMessages {
  const session = httpSession(ctx);
  const kept = toFlash(session?.[ownKeys.flash]);
  if (session && ownKeys.flash in session) delete session[ownKeys.flash];
  const brought = ctx.cookies.get(cookie, { signed: false });
  if (brought === undefined) return kept;
  ctx.cookies.set(cookie, null, { signed: false, httpOnly: false, sameSite: "lax" });
  return {
    ...kept,
    ...toFlash(signer.verify("flash", decodeURIComponentSafely(brought), flashLifetime)),
  };
}

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}
