import type { FlashMessages } from "@live-session/components/protocol";
import type { Context } from "koa";
import { LiveError } from "../../live/live-error.js";
import { flashLifetime, putFlash as put, toFlash } from "../../live/socket/flash.js";
import { httpSession, ownKeys } from "./http-session.js";
import type { Signer } from "./signer.js";

/** The cookie in which the client passes a flash to the server when a navigation becomes a page load. */
const cookie = "__live_flash__";

/** The maximum size of the messages in a cookie, as JSON. Browsers ignore a cookie of more than 4,096 bytes. */
const maxFlashBytes = 2048;

const sizeOf = (flash: FlashMessages): number => Buffer.byteLength(JSON.stringify(flash));

/**
 * Returns messages that fit into a cookie. In production, messages that are too long are shortened.
 *
 * @throws LiveError `LIVE_ERR_PAYLOAD` in development, when the messages do not fit
 */
export function fitFlash(flash: FlashMessages): FlashMessages {
  const size = sizeOf(flash);
  if (size <= maxFlashBytes) return flash;
  if (process.env.NODE_ENV !== "production") {
    throw new LiveError("LIVE_ERR_PAYLOAD", "flash messages are too long for a cookie", {
      expected: `at most ${maxFlashBytes} bytes as JSON`,
      gotText: `${size} bytes`,
    });
  }
  let fitting = flash;
  for (let length = maxFlashBytes; sizeOf(fitting) > maxFlashBytes && length > 1; length /= 2)
    fitting = shorten(flash, length);
  return fitting;
}

const shorten = (flash: FlashMessages, length: number): FlashMessages =>
  Object.fromEntries(
    Object.entries(flash).map(([kind, message]) => [
      kind,
      message.length > length ? `${message.slice(0, length)}…` : message,
    ]),
  );

/** Keeps a message in the HTTP session for the next page. Without a session the message is lost. */
export function putFlash(ctx: Context, kind: string, message: string): void {
  const session = httpSession(ctx);
  if (!session) return;
  session[ownKeys.flash] = fitFlash(put(toFlash(session[ownKeys.flash]), kind, message));
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
