import { bodyParser } from "@koa/bodyparser";
import { createLive, createPresence, type Live, LocalPubSub } from "@live-session/adapter-koa";
import { redisPubSub } from "@live-session/adapter-koa/redis";
import Koa from "koa";
import helmet from "koa-helmet";
import session from "koa-session";
import { createClient } from "redis";
import { createRateLimits } from "./accounts/rate-limits.js";
import { avatarRoute } from "./avatars/avatar-route.js";
import { type Avatars, createAvatars } from "./avatars/avatars.js";
import type { Config } from "./config.js";
import { createDatabase } from "./database.js";
import { createFeedback } from "./feedback/feedback.js";
import { health } from "./scaling/health.js";
import { assets } from "./web/assets.js";
import { behindTls } from "./web/behind-tls.js";
import { contentSecurityPolicy } from "./web/content-security-policy.js";
import { errorPages } from "./web/error-pages.js";
import { formBody } from "./web/form-body.js";
import { staleForms } from "./web/forms/stale-forms.js";
import type { WriteLine } from "./web/hooks/log-session.js";
import type { Visitor } from "./web/hooks/who-is-here.js";
import { rootLayout } from "./web/layouts/root-layout.js";
import { methodOverride } from "./web/method-override.js";
import { logRefusedPayloads } from "./web/refused-payloads.js";
import { createRouter } from "./web/router.js";
import { resumeSession } from "./web/session/resume-session.js";
import { createUserHttpRoutes } from "./web/user-routes.js";
import { createUserServices, type UserOptions, type UserServices } from "./web/user-services.js";

/** The site: a Koa app, and its live sessions to attach to a server. */
export interface Site {
  readonly app: Koa;
  readonly live: Live;
  /** Migrates the database. Call it before the first request. */
  prepare(): Promise<void>;
  /** Closes the sockets, sends the waiting mails and closes the database. */
  close(): Promise<void>;
}

/** Options of `createSite`. */
export interface SiteOptions extends UserOptions {
  /** Writes the log lines of the pages; to standard output by default. */
  readonly writeLine?: WriteLine;
  /** The Redis server that connects several processes. */
  readonly redisUrl?: string | undefined;
  /** How other processes reach this one. */
  readonly address?: string | undefined;
}

/** Numbers the notifications, so that none is missed while a browser reconnects. */
const replay = { topics: (topic: string) => topic === "notifications" };

/** Creates the site. It does not connect to anything before it is prepared. */
export function createSite(config: Config, options: SiteOptions = {}): Site {
  const { writeLine = printLine } = options;
  const secure = config.environment === "production";
  const app = createApp(config, secure);
  const redis = createRedis(options.redisUrl);
  const { pubSub } = redis;
  const database = createDatabase(config.database);
  const report = (error: Error) => app.emit("error", error);
  const users = createUserServices({
    limits: createRateLimits({}, redis.client),
    ...options,
    config,
    database,
    live: () => live,
    report,
  });
  const visitors = createPresence<Visitor>({ pubSub, onError: report });
  const feedback = createFeedback(database);
  const avatars = createAvatars(database);
  const { dashboard } = config;
  const router = createRouter({ users, avatars, feedback, pubSub, visitors, writeLine, dashboard });
  const { address } = options;
  const live = createLive(router, {
    secret: config.secrets,
    rootLayout,
    pubSub,
    ...(address !== undefined && { address }),
  });
  app.use(health({ live: () => live.health(), database: () => database.knex.raw("select 1") }));
  install(app, { live, users, avatars, secure });
  const endLog = logRefusedPayloads(writeLine);

  return {
    app,
    live,
    prepare: () => database.migrate(),
    async close() {
      await live.close();
      visitors.close();
      endLog();
      await redis.close();
      await users.close();
      await database.close();
    },
  };
}

/** Connects to Redis. Without a URL, messages reach the views of this process only. */
function createRedis(url: string | undefined) {
  if (url === undefined)
    return { client: undefined, pubSub: new LocalPubSub({ replay }), close: async () => {} };
  const client = createClient({ url, pingInterval: 10_000 });
  const pubSub = redisPubSub({ client, prefix: "demo:", replay });
  const close = async () => {
    await pubSub.close();
    client.destroy();
  };
  return { client, pubSub, close };
}

function printLine(line: string): void {
  process.stdout.write(`${line}\n`);
}

function createApp({ secrets }: Config, secure: boolean): Koa {
  // In production a proxy terminates TLS. Of the forwarded addresses, only the last one comes from this proxy.
  const app = new Koa({ proxy: secure, maxIpsCount: 1 });
  app.keys = [...secrets];
  return app;
}

interface Installed {
  readonly live: Live;
  readonly users: UserServices;
  readonly avatars: Avatars;
  readonly secure: boolean;
}

/** Installs the middleware, in the order that a request passes it. */
function install(app: Koa, { live, users, avatars, secure }: Installed): void {
  const http = createUserHttpRoutes(users);
  if (secure) app.use(behindTls());
  app
    // The default policy removes the origin from forms, which `staleForms` needs.
    .use(helmet({ contentSecurityPolicy, referrerPolicy: { policy: "same-origin" } }))
    .use(errorPages())
    .use(assets())
    .use(session({ key: "live_sessions", sameSite: "lax", secure, maxAge: "session" }, app))
    .use(resumeSession(users.userSession))
    .use(bodyParser({ encoding: "utf-8", formLimit: "64kb", jsonLimit: "64kb" }))
    .use(formBody())
    .use(methodOverride())
    .use(staleForms(users))
    .use(live.middleware())
    .use(avatarRoute(avatars, users).routes())
    .use(http.routes())
    .use(http.allowedMethods());
}
