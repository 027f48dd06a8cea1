import type { Middleware } from "koa";
import type { UserSession } from "./user-session.js";

/** Returns middleware that logs in remembered users. Use it after the session and before the CSRF check. */
export function resumeSession(userSession: UserSession): Middleware {
  return async function resumeSession(ctx, next) {
    await userSession.resume(ctx);
    await next();
  };
}
