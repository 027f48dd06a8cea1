import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { DatabaseConfig } from "./database.js";

/** The configuration of the site, read from the environment and validated at start. */
export interface Config {
  readonly environment: "development" | "test" | "production";
  /** The address to listen on. Undefined, the default in production, means all addresses. */
  readonly host: string | undefined;
  readonly port: number;
  /** The start of links in mails, without a trailing slash: `https://example.com`. */
  readonly appUrl: string;
  /** The keys that sign cookies and tokens. The first one signs, all of them verify. */
  readonly secrets: readonly [string, ...string[]];
  readonly database: DatabaseConfig;
  /** The SMTP server; null keeps mails in memory. */
  readonly smtpUrl: string | null;
  /** Whether users see the dashboard at `/dev/dashboard`. */
  readonly dashboard: boolean;
}

/** Reports an invalid environment. The message lists all problems. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  /** One line for each missing or invalid variable, without its value, which may be a secret. */
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`the configuration is invalid:\n${problems.map((problem) => `  ${problem}`).join("\n")}`);
    this.problems = problems;
  }
}

const DEFAULT_DATABASE_FILE = fileURLToPath(new URL("../data/demo.sqlite", import.meta.url));
const SECRET_MIN_LENGTH = 32;

const port = z
  .string()
  .regex(/^\d{1,5}$/, "must be a port number, 0 to 65535")
  .transform(Number)
  .refine((value) => value <= 65_535, "must be a port number, 0 to 65535");

const secrets = z
  .string()
  .transform((list) => list.split(",").map((secret) => secret.trim()))
  .pipe(
    z
      .tuple([z.string()], z.string())
      .refine((list) => list.every((secret) => secret.length >= SECRET_MIN_LENGTH), {
        error: `must have at least ${SECRET_MIN_LENGTH} characters (separate several secrets with commas, the newest first)`,
      }),
  );

function urlOf(protocols: RegExp, hint: string) {
  return z.url({
    protocol: protocols,
    error: ({ input }) => (input === undefined ? undefined : `must be a URL like ${hint}`),
  });
}

const appUrl = urlOf(/^https?$/, "https://example.com")
  .refine((url) => !/[?#]/.test(url), "must have neither a query nor a fragment")
  .transform((url) => url.replace(/\/+$/, ""));

const databaseUrl = urlOf(/^mysql$/, "mysql://user:password@localhost:3306/database").refine(
  (url) => new URL(url).pathname.length > 1,
  { error: "must name a database", when: ({ issues }) => issues.length === 0 },
);

const development = z.object({
  NODE_ENV: z
    .enum(["development", "test", "production"], "must be development, test or production")
    .default("development"),
  HOST: z.string().optional(),
  PORT: port.default(4000),
  APP_URL: appUrl.optional(),
  SECRET: secrets.optional(),
  DATABASE_URL: databaseUrl.optional(),
  DATABASE_FILE: z.string().default(DEFAULT_DATABASE_FILE),
  SMTP_URL: urlOf(/^smtps?$/, "smtps://user:password@mail.example.com").optional(),
  DASHBOARD: z.enum(["on", "off"], "must be on or off").optional(),
});

// Required, so that production does not mail links to localhost or lose its sessions at each restart.
const production = development.extend({
  APP_URL: appUrl,
  SECRET: secrets,
  SMTP_URL: urlOf(/^smtps?$/, "smtps://user:password@mail.example.com"),
});

/**
 * Reads the configuration from environment variables: `NODE_ENV`, `HOST`, `PORT`, `APP_URL`, `SECRET`,
 * `DATABASE_URL` (MySQL) or `DATABASE_FILE` (SQLite), `SMTP_URL` and `DASHBOARD`. An empty variable counts as missing.
 * Production requires some of them. Elsewhere the default secret is random, so sessions end with the process.
 *
 * @throws ConfigError naming every missing or invalid variable.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));
  const schema = given.NODE_ENV === "production" ? production : development;
  const read = schema.safeParse(given, {
    error: (issue) => (issue.input === undefined ? "is required in production" : undefined),
  });
  if (!read.success) {
    throw new ConfigError(
      read.error.issues.map((issue) => `${issue.path[0]?.toString()}: ${issue.message}`),
    );
  }
  const { data } = read;
  return {
    environment: data.NODE_ENV,
    host: data.HOST ?? (data.NODE_ENV === "production" ? undefined : "127.0.0.1"),
    port: data.PORT,
    appUrl: data.APP_URL ?? `http://localhost:${data.PORT}`,
    secrets: data.SECRET ?? [randomDevelopmentSecret()],
    database: data.DATABASE_URL
      ? { client: "mysql", url: data.DATABASE_URL }
      : { client: "sqlite", file: data.DATABASE_FILE },
    smtpUrl: data.SMTP_URL ?? null,
    dashboard: data.DASHBOARD ? data.DASHBOARD === "on" : data.NODE_ENV === "development",
  };
}

function randomDevelopmentSecret(): string {
  return randomBytes(SECRET_MIN_LENGTH).toString("base64url");
}
