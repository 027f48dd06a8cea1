import { LiveRouter } from "@live-session/adapter-koa";
import { ensureAuthenticated, mountCurrentUser } from "./hooks.js";
import { dashboardLive, homeLive, logInLive } from "./views.js";

/** The live sessions of the site and their pages. */
export const router = new LiveRouter();

router
  .liveSession("public", { onMount: [mountCurrentUser] })
  .live("/", homeLive)
  .live("/log_in", logInLive);

router.liveSession("users", { onMount: [ensureAuthenticated] }).live("/dashboard", dashboardLive);
