import path from "node:path";
import { bodyParser } from "@koa/bodyparser";
import { createLive, csrf } from "@live-session/adapter-koa";
import Koa from "koa";
import session from "koa-session";
import serveStatic from "koa-static";
import { files } from "./files.js";
import { logInRoutes } from "./log-in.js";
import { pubSub } from "./pub-sub.js";
import { router } from "./router.js";

const secret = process.env.SECRET ?? "a development secret of 32 characters";

/** The Koa app. */
export const app = new Koa({ keys: [secret] });

/** Its live sessions. */
export const live = createLive(router, { secret, pubSub });

app.use((ctx, next) => {
  ctx.set({
    "Content-Security-Policy":
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; " +
      "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
  });
  return ctx.path === "/" ? ctx.redirect("/rooms/general") : next();
});
app.use(serveStatic(path.join(import.meta.dirname, "public")));
app.use(session(app));
app.use(bodyParser());
app.use(csrf());
app.use(live.middleware());
app.use(logInRoutes(live));
app.use(files);
