import { assertLayout } from "../live/declarations/layout.js";
import type { RootLayout } from "../live/declarations/root-layout.js";
import { LiveError, type LiveErrorDetails, quote } from "../live/live-error.js";
import type { PubSub } from "../live/runtime/pub-sub.js";
import { LocalPubSub } from "../live/runtime/pub-sub.js";
import { isOriginPattern } from "./connection/origin.js";

/** What one connection may do; past a limit it is closed with a code that says which. */
export interface LiveLimits {
  /** Bytes of one frame; 64 KiB by default. Past it: close code 1009. */
  readonly frameBytes: number;
  /** Joins per second; 20 by default. Past it: close code 1008. */
  readonly joinsPerSecond: number;
  /** Other frames per second, pings too; 500 by default. Past it: close code 1008. */
  readonly eventsPerSecond: number;
  /** Messages, answers or pushed events that wait for one view; 1,000 by default. Past it: close code 1008. */
  readonly mailbox: number;
  /**
   * Bytes of frames that wait for the views of a connection or are being handled, and of joins whose views are
   * being mounted; 1 MiB by default. Past it: close code 1008.
   */
  readonly waitingBytes: number;
  /** Views on one connection; 100 by default. A further join is answered with an error. */
  readonly topics: number;
  /** Milliseconds without a frame, heartbeats included; 60,000 by default. Past it: close code 1001. */
  readonly idle: number;
  /** Connections over long polling in this process; 1,000 by default. A further one is answered with 503. */
  readonly longPolls: number;
}

/**
 * Which origins may open a socket or fetch a hand-over: those of the request's own host (`"same"`),
 * `"any"`, those of a list such as `["https://example.com", "//*.example.com"]`, or those for which a
 * function returns `true`. A list names the own host too. An allowed origin acts as the visitor, with the
 * visitor's cookies and CSRF token.
 */
export type AllowedOrigins =
  | "same"
  | "any"
  | readonly string[]
  | ((origin: URL, host: string) => boolean);

/** Options of `createLive`. */
export interface LiveOptions {
  /** Signs hand-overs and travelling flash. The first secret signs, all verify; 32 characters at least. */
  readonly secret: string | readonly string[];
  /** The document around every page; a minimal one by default, none with `false`. */
  readonly rootLayout?: RootLayout | false;
  /** In-process by default. */
  readonly pubSub?: PubSub;
  /** Where socket and script live; `/live` by default. */
  readonly path?: string;
  /** `"same"` by default. Requests without an Origin header do not come from a browser and pass. */
  readonly origins?: AllowedOrigins;
  /** Milliseconds a page's hand-over is good for; 14 days by default. */
  readonly tokenLifetime?: number;
  /**
   * URLs of the scripts and styles that pages load, with what tells their versions apart: `/app.css?v=8f2a`.
   * Once they or the client script differ from those of a page, its views have `socket.staticChanged`.
   */
  readonly statics?: readonly string[];
  readonly limits?: Partial<LiveLimits>;
}

/** Options with their defaults filled in. */
export interface CheckedOptions {
  readonly secrets: readonly string[];
  readonly rootLayout: RootLayout | false | undefined;
  readonly pubSub: PubSub;
  readonly path: string;
  readonly origins: AllowedOrigins;
  readonly tokenLifetime: number;
  readonly statics: readonly string[] | undefined;
  readonly limits: LiveLimits;
}

const defaultLimits: LiveLimits = {
  frameBytes: 64 * 1024,
  joinsPerSecond: 20,
  eventsPerSecond: 500,
  mailbox: 1000,
  waitingBytes: 1024 * 1024,
  topics: 100,
  idle: 60_000,
  longPolls: 1000,
};

const names = [
  "secret",
  "rootLayout",
  "pubSub",
  "path",
  "origins",
  "tokenLifetime",
  "statics",
  "limits",
];

/** @throws LiveError `LIVE_ERR_OPTION`, or `LIVE_ERR_LAYOUT` for the root layout */
export function checkOptions(options: LiveOptions): CheckedOptions {
  if (typeof options !== "object" || options === null)
    refuse("options", { expected: "an object", got: options });
  const unknown = Object.keys(options).find((key) => !names.includes(key));
  if (unknown !== undefined)
    refuse(unknown, { expected: names.join(", "), gotText: quote(unknown) });
  const { path = "/live", tokenLifetime = 14 * 24 * 3600 * 1000, origins = "same" } = options;
  if (!/^\/[\w/-]*[\w-]$/.test(path))
    refuse("path", { expected: 'a path such as "/live"', gotText: quote(path) });
  assertPositive("tokenLifetime", tokenLifetime);
  checkOrigins(origins);
  checkStatics(options.statics);
  assertLayout(options.rootLayout, "rootLayout of createLive");
  return {
    secrets: checkSecrets(options.secret),
    rootLayout: options.rootLayout,
    pubSub: options.pubSub ?? new LocalPubSub(),
    path,
    origins,
    tokenLifetime,
    statics: options.statics,
    limits: checkLimits(options.limits),
  };
}

function checkOrigins(origins: unknown): void {
  if (origins === "same" || origins === "any" || typeof origins === "function") return;
  if (!Array.isArray(origins)) {
    refuse("origins", {
      expected: '"same", "any", a list, or a function',
      gotText: quote(origins),
    });
  }
  const wrong = origins.findIndex((pattern) => !isOriginPattern(pattern));
  if (wrong === -1) return;
  refuse(`origins[${wrong}]`, {
    expected: 'an origin such as "https://example.com" or "//*.example.com:3000"',
    gotText: quote(origins[wrong]),
  });
}

function checkStatics(statics: unknown): void {
  if (statics === undefined) return;
  if (!Array.isArray(statics)) refuse("statics", { expected: "a list of URLs", got: statics });
  const wrong = statics.findIndex((url) => typeof url !== "string");
  if (wrong !== -1)
    refuse(`statics[${wrong}]`, {
      expected: 'a URL such as "/app.css?v=8f2a"',
      got: statics[wrong],
    });
}

function refuse(option: string, details: LiveErrorDetails): never {
  throw new LiveError("LIVE_ERR_OPTION", `invalid option ${option} of createLive`, details);
}

function assertPositive(option: string, value: unknown): void {
  if (typeof value === "number" && value > 0 && Number.isSafeInteger(value)) return;
  refuse(option, { expected: "a whole number above 0", gotText: quote(value) });
}

function checkSecrets(secret: unknown): readonly string[] {
  const secrets: readonly unknown[] = Array.isArray(secret) ? secret : [secret];
  const strong = secrets.every((value) => typeof value === "string" && value.length >= 32);
  if (strong && secrets.length > 0) return secrets as readonly string[];
  // The value itself is a secret, so the message does not show it.
  return refuse("secret", { expected: "a text of at least 32 characters, or a list of those" });
}

function checkLimits(limits: Partial<LiveLimits> = {}): LiveLimits {
  for (const [name, value] of Object.entries(limits)) {
    if (!Object.hasOwn(defaultLimits, name)) {
      refuse(`limits.${name}`, {
        expected: Object.keys(defaultLimits).join(", "),
        gotText: quote(name),
      });
    }
    assertPositive(`limits.${name}`, value);
  }
  return { ...defaultLimits, ...limits };
}
