import { bodyParser } from "@koa/bodyparser";
import { createLive, csrf, type Live, LocalPubSub } from "@live-session/adapter-koa";
import Koa from "koa";
import helmet from "koa-helmet";
import session from "koa-session";
import type { Config } from "./config.js";
import { assets } from "./web/assets.js";
import { contentSecurityPolicy } from "./web/content-security-policy.js";
import { errorPages } from "./web/error-pages.js";
import type { WriteLine } from "./web/hooks/log-session.js";
import { rootLayout } from "./web/layouts/root-layout.js";
import { createRouter } from "./web/router.js";

/** The site: a Koa app, and its live sessions to attach to a server. */
export interface Site {
  readonly app: Koa;
  readonly live: Live;
}

/** What a site is made of besides its configuration. */
export interface SiteOptions {
  /** Where the log lines of the pages go; standard output by default. */
  readonly writeLine?: WriteLine;
}

/** Puts the site together. Nothing runs before its server listens. */
export function createSite(config: Config, options: SiteOptions = {}): Site {
  const { writeLine = (line) => process.stdout.write(`${line}\n`) } = options;
  const pubSub = new LocalPubSub();
  const live = createLive(createRouter({ pubSub, writeLine }), {
    secret: config.secrets,
    rootLayout,
    pubSub,
  });
  const app = new Koa();
  app.keys = [...config.secrets];
  app
    .use(helmet({ contentSecurityPolicy }))
    .use(errorPages())
    .use(assets())
    .use(session({ key: "live_sessions", sameSite: "lax", secure: config.environment === "production" }, app))
    .use(bodyParser({ encoding: "utf-8", formLimit: "64kb", jsonLimit: "64kb" }))
    .use(csrf())
    .use(live.middleware());
  return { app, live };
}
