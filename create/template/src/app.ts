import { bodyParser } from "@koa/bodyparser";
import { createLive, csrf, type Live, LocalPubSub } from "@live-session/adapter-koa";
import Koa from "koa";
import helmet from "koa-helmet";
import session from "koa-session";
import type { Config } from "./config.js";
import { createDatabase } from "./database.js";
import { assets } from "./web/assets.js";
import { behindTls } from "./web/behind-tls.js";
import { contentSecurityPolicy } from "./web/content-security-policy.js";
import { errorPages } from "./web/error-pages.js";
import { formBody } from "./web/form-body.js";
import type { WriteLine } from "./web/hooks/log-session.js";
import { rootLayout } from "./web/layouts/root-layout.js";
import { methodOverride } from "./web/method-override.js";
import { logRefusedPayloads } from "./web/refused-payloads.js";
import { createRouter } from "./web/router.js";

/** The site: a Koa app, and its live sessions to attach to a server. */
export interface Site {
  readonly app: Koa;
  readonly live: Live;
  /** Migrates the database. Call it before the first request. */
  prepare(): Promise<void>;
  /** Closes the sockets and the database. */
  close(): Promise<void>;
}

/** Options of `createSite`. */
export interface SiteOptions {
  /** Writes the log lines of the pages; to standard output by default. */
  readonly writeLine?: WriteLine;
}

/** Creates the site. It does not connect to anything before it is prepared. */
export function createSite(config: Config, options: SiteOptions = {}): Site {
  const { writeLine = printLine } = options;
  const secure = config.environment === "production";
  // In production a proxy terminates TLS. Of the forwarded addresses, only the last one comes from this proxy.
  const app = new Koa({ proxy: secure, maxIpsCount: 1 });
  app.keys = [...config.secrets];
  const pubSub = new LocalPubSub();
  const database = createDatabase(config.database);
  const router = createRouter({ database, pubSub, writeLine });
  const live = createLive(router, { secret: config.secrets, rootLayout, pubSub });

  if (secure) app.use(behindTls());
  app
    .use(helmet({ contentSecurityPolicy, referrerPolicy: { policy: "same-origin" } }))
    .use(errorPages())
    .use(assets())
    .use(session({ key: "my_app", sameSite: "lax", secure, maxAge: "session" }, app))
    .use(bodyParser({ encoding: "utf-8", formLimit: "64kb", jsonLimit: "64kb" }))
    .use(formBody())
    .use(methodOverride())
    .use(csrf())
    .use(live.middleware());

  const endLog = logRefusedPayloads(writeLine);
  return {
    app,
    live,
    prepare: () => database.migrate(),
    async close() {
      await live.close();
      endLog();
      await database.close();
    },
  };
}

function printLine(line: string): void {
  process.stdout.write(`${line}\n`);
}
