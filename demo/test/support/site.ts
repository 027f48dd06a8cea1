import { createRateLimits, type RateLimits } from "../../src/accounts/rate-limits.js";
import { createSite, type Site } from "../../src/app.js";
import { type Config, readConfig } from "../../src/config.js";
import type { DatabaseConfig } from "../../src/database.js";
import { startSite } from "../../src/start-site.js";
import { cheapHasher } from "./accounts.js";

/** A mail, as the mailbox page returns it. */
export interface MailboxMail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly sentAt: string;
}

/** A running site with its log, errors and mails. */
export interface TestSite {
  readonly url: string;
  readonly site: Site;
  /** Lines of the log. */
  readonly lines: readonly string[];
  /** Errors of the app, except those about responses that a page has cancelled. */
  readonly errors: readonly unknown[];
  /** Returns the kept mails, newest first. */
  mails(): Promise<readonly MailboxMail[]>;
  /** Returns the path of the link in the newest mail to an address. */
  mailedPath(to: string): Promise<string>;
  /** Moves the clock of the accounts by `ms` milliseconds. */
  travel(ms: number): void;
  stop(): Promise<void>;
}

/** Options of `startTestSite`. */
export interface TestSiteOptions {
  readonly config?: Partial<Config>;
  readonly limits?: RateLimits;
}

const plenty = { points: 1000, duration: 60 };
const lavish = { address: plenty, account: plenty };

/** Starts a site on a free port, with cheap password hashes. The default limits are higher than tests need. */
export async function startTestSite(
  database: DatabaseConfig,
  { config, limits }: TestSiteOptions = {},
): Promise<TestSite> {
  const lines: string[] = [];
  const errors: unknown[] = [];
  const complete: Config = { ...readConfig({ NODE_ENV: "test", PORT: "0" }), database, ...config };
  let ahead = 0;
  const site = createSite(complete, {
    now: () => new Date(Date.now() + ahead),
    writeLine: (line) => lines.push(line),
    hasher: cheapHasher,
    limits:
      limits ??
      createRateLimits({ log_in: lavish, code: lavish, registration: lavish, mail: lavish }),
  });
  site.app.on("error", (error: Error & { code?: string }) => {
    // Koa reports each response that a page has cancelled, for example because it was left.
    if (error.code !== "ERR_STREAM_PREMATURE_CLOSE") errors.push(error);
  });
  const { url, stop } = await startSite(site, complete);
  const mails = async () =>
    (await (await fetch(`${url}/dev/mailbox?format=json`)).json()) as MailboxMail[];
  return {
    url,
    site,
    lines,
    errors,
    mails,
    async mailedPath(to) {
      const mail = (await mails()).find((sent) => sent.to === to);
      const link = /https?:\/\/\S+/.exec(mail?.text ?? "")?.[0];
      if (link === undefined) throw new Error(`no mail with a link went to ${to}`);
      return new URL(link).pathname;
    },
    travel(ms) {
      ahead += ms;
    },
    stop,
  };
}
