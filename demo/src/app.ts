import { bodyParser } from "@koa/bodyparser";
import type Router from "@koa/router";
import { createLive, type Live, LocalPubSub } from "@live-session/adapter-koa";
import Koa from "koa";
import helmet from "koa-helmet";
import session from "koa-session";
import { createAccounts } from "./accounts/accounts.js";
import { MemoryMailer } from "./accounts/mail/memory-mailer.js";
import { createSmtpMailer } from "./accounts/mail/smtp-mailer.js";
import { createUserNotifier } from "./accounts/mail/user-notifier.js";
import { createRateLimits, type RateLimits } from "./accounts/rate-limits.js";
import type { PasswordHasher } from "./accounts/users/password.js";
import type { Config } from "./config.js";
import { createDatabase } from "./database.js";
import { AccountActions } from "./web/account-actions.js";
import { assets } from "./web/assets.js";
import { behindTls } from "./web/behind-tls.js";
import { contentSecurityPolicy } from "./web/content-security-policy.js";
import { errorPages } from "./web/error-pages.js";
import { formBody } from "./web/form-body.js";
import { staleForms } from "./web/forms/stale-forms.js";
import type { WriteLine } from "./web/hooks/log-session.js";
import { rootLayout } from "./web/layouts/root-layout.js";
import { methodOverride } from "./web/method-override.js";
import { logRefusedPayloads } from "./web/refused-payloads.js";
import { createRouter } from "./web/router.js";
import { resumeSession } from "./web/session/resume-session.js";
import { UserSession } from "./web/session/user-session.js";

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
export interface SiteOptions {
  /** Writes the log lines of the pages; to standard output by default. */
  readonly writeLine?: WriteLine;
  /** Hashes passwords; argon2id by default. Tests pass a cheaper one. */
  readonly hasher?: PasswordHasher;
  readonly limits?: RateLimits;
}

/** Creates the site. It does not connect to anything before it is prepared. */
export function createSite(config: Config, options: SiteOptions = {}): Site {
  const { writeLine = printLine, limits = createRateLimits() } = options;
  const secure = config.environment === "production";
  const app = createApp(config, secure);
  const pubSub = new LocalPubSub();
  const database = createDatabase(config.database);
  const { keptMails, mailer, notifier } = createMail(config, (error) => app.emit("error", error));
  const accounts = createAccounts({
    database,
    notifier,
    ...(options.hasher && { hasher: options.hasher }),
  });

  // Send the reply of the current event first: it may use one of these sockets.
  const endSockets = (liveSocketIds: readonly string[]) =>
    void setImmediate(() => {
      for (const id of liveSocketIds) live.disconnect(id);
    });
  const actions = new AccountActions({ accounts, limits, appUrl: config.appUrl, endSockets });
  const userSession = new UserSession({ accounts, endSockets, secure });
  const router = createRouter({
    accounts,
    actions,
    userSession,
    pubSub,
    putFlash: (ctx, kind, message) => live.putFlash(ctx, kind, message),
    writeLine,
    notifier,
    keptMails,
  });
  const live = createLive(router.live, { secret: config.secrets, rootLayout, pubSub });
  install(app, { live, http: router.http, userSession, secure });
  const endLog = logRefusedPayloads(writeLine);

  return {
    app,
    live,
    prepare: () => database.migrate(),
    async close() {
      await live.close();
      endLog();
      await notifier.idle();
      mailer.close();
      await database.close();
    },
  };
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

/** Creates the mailer: over SMTP, or in memory, where the mailbox page shows the mails. */
function createMail({ smtpUrl }: Config, report: (error: Error) => void) {
  const keptMails = smtpUrl === null ? new MemoryMailer() : null;
  const mailer = keptMails ?? createSmtpMailer(smtpUrl ?? "");
  return { keptMails, mailer, notifier: createUserNotifier({ mailer, report }) };
}

interface Installed {
  readonly live: Live;
  readonly http: Router;
  readonly userSession: UserSession;
  readonly secure: boolean;
}

/** Installs the middleware, in the order that a request passes it. */
function install(app: Koa, { live, http, userSession, secure }: Installed): void {
  if (secure) app.use(behindTls());
  app
    // The default policy removes the origin from forms, which `staleForms` needs.
    .use(helmet({ contentSecurityPolicy, referrerPolicy: { policy: "same-origin" } }))
    .use(errorPages())
    .use(assets())
    .use(session({ key: "live_sessions", sameSite: "lax", secure, maxAge: "session" }, app))
    .use(resumeSession(userSession))
    .use(bodyParser({ encoding: "utf-8", formLimit: "64kb", jsonLimit: "64kb" }))
    .use(formBody())
    .use(methodOverride())
    .use(staleForms({ userSession, putFlash: (...flash) => live.putFlash(...flash) }))
    .use(live.middleware())
    .use(http.routes())
    .use(http.allowedMethods());
}
