import type { RootLayout } from "../live/declarations/root-layout.js";
import { LiveError, type LiveErrorDetails, quote } from "../live/live-error.js";
import type { PubSub } from "../live/runtime/pub-sub.js";
import { LocalPubSub } from "../live/runtime/pub-sub.js";
import { assertLayout } from "../live/socket/layout.js";
import { isOriginPattern } from "./transports/origin.js";

/** Limits of one connection. */
export interface LiveLimits {
  /** The maximum size of a frame in bytes; 64 KiB by default. Close code 1009. */
  readonly frameBytes: number;
  /** Joins per second; 20 by default. The join of another view is refused with `busy`. */
  readonly joinsPerSecond: number;
  /**
   * Other frames per second, including pings, pongs and joins above their own limit; 500 by default. Each millisecond
   * that a frame takes to decode counts as one more. Close code 1008. Frames of a view that is joined again wait
   * instead, so that many forms can be restored.
   */
  readonly eventsPerSecond: number;
  /** Messages, replies or pushed events that wait in one view; 1,000 by default. Close code 1008. */
  readonly mailbox: number;
  /**
   * The total size of frames that wait for the views of a connection or are being handled, joins included; 1 MiB by
   * default. A join above it is refused with `busy`; any other frame closes the connection with the code 1008, except
   * while a view that is joined again restores its forms.
   */
  readonly waitingBytes: number;
  /** Views on one connection; 100 by default. The join of another view is refused. */
  readonly topics: number;
  /**
   * Milliseconds without a frame, heartbeats included; 90,000 by default, because browsers delay the timers of hidden
   * pages by up to a minute. Close code 1001.
   */
  readonly idle: number;
  /**
   * Messages that a view handles after it was left, because its browser had sent them before; 100 by default. The app's
   * `error` event reports a view that does not handle them all.
   */
  readonly leaveMessages: number;
  /** Milliseconds that a view may take to handle these messages; 5,000 by default. */
  readonly leaveTime: number;
  /**
   * Milliseconds that views wait for the browser when its connection is lost; 30,000 by default, and a third of that for
   * visitors without a `live_socket_id`. With 0 they end at once.
   */
  readonly resume: number;
  /**
   * Milliseconds after which a view that has not been rendered releases memory; 60,000 by default. The next change takes a little
   * longer. With 0 views release nothing.
   */
  readonly hibernate: number;
  /** Connections that wait for their browsers; 5,000 by default. Above it, the one that has waited longest ends. */
  readonly waiting: number;
  /**
   * Connections over long polling in this process; 1,000 by default. Above it, the oldest one on which no view has been joined
   * is closed; if there is none, another one is answered with 503.
   */
  readonly longPolls: number;
  /** Milliseconds that the view of a page waits for its join, in a live session with `adopt`; 10,000 by default. */
  readonly adopt: number;
  /** Views that wait for their join in this process; 1,000 by default. Above it, the oldest one ends. */
  readonly adoptable: number;
  /** The disk space for temporary files of uploads in this process, in bytes; 10 GiB by default. */
  readonly uploadBytes: number;
  /** The disk space for temporary files of one visitor, in bytes; 2 GiB by default. */
  readonly uploadVisitorBytes: number;
  /** How fast the files of one visitor are received, in bytes per second; 100 MiB by default. */
  readonly uploadRate: number;
  /** How long an upload can be continued after its view has ended, in milliseconds; 2 minutes by default. */
  readonly uploadResumeTime: number;
}

/**
 * The origins that may open a socket or fetch join info:
 *
 * - `"same"`: the request's own host
 * - `"any"`: every origin
 * - a list such as `["https://example.com", "//*.example.com"]`; it must include the server's own host
 * - a function that returns `true` for an allowed origin
 *
 * A page of an allowed origin acts as the visitor, with the visitor's cookies and CSRF token.
 */
export type AllowedOrigins =
  | "same"
  | "any"
  | readonly string[]
  | ((origin: URL, host: string) => boolean);

/** Options of `createLive`. */
export interface LiveOptions {
  /** Signs join tokens and flash. The first secret signs, all of them verify. At least 32 characters each. */
  readonly secret: string | readonly string[];
  /** The document around every page; a minimal one by default, no document with `false`. */
  readonly rootLayout?: RootLayout | false;
  /** Distributes broadcasts; within this process by default. */
  readonly pubSub?: PubSub;
  /** The path of the socket and the client script; `/live` by default. */
  readonly path?: string;
  /**
   * The prefix at which visitors see the app, such as `/app`, if a proxy adds it; none by default. A prefix of koa-mount is
   * detected.
   */
  readonly basePath?: string;
  /** `"same"` by default. A request without an Origin header does not come from a browser and is allowed. */
  readonly origins?: AllowedOrigins;
  /** How long a page's join token is valid, in milliseconds; 14 days by default. */
  readonly tokenLifetime?: number;
  /**
   * The URLs of the scripts and styles that pages load, with a version in each: `/app.css?v=8f2a`. If they or the client
   * script have changed since a page was loaded, `socket.staticChanged` is true in its views.
   */
  readonly statics?: readonly string[];
  /** The folder for temporary files of uploads; that of the system by default. */
  readonly uploadDirectory?: string;
  /**
   * How other processes of the app reach this one: the absolute path of a Unix socket, or a URL such as `http://10.0.0.3:4000`,
   * at which the app listens too. With it, long polls may reach any process: that process forwards them. None by default.
   */
  readonly address?: string;
  readonly limits?: Partial<LiveLimits>;
}

/** Options with their defaults filled in. */
export interface CheckedOptions {
  readonly secrets: readonly string[];
  readonly rootLayout: RootLayout | false | undefined;
  readonly pubSub: PubSub;
  readonly path: string;
  readonly basePath: string;
  readonly origins: AllowedOrigins;
  readonly tokenLifetime: number;
  readonly statics: readonly string[] | undefined;
  readonly uploadDirectory: string | undefined;
  readonly address: string | undefined;
  readonly limits: LiveLimits;
}

const defaultLimits: LiveLimits = {
  frameBytes: 64 * 1024,
  joinsPerSecond: 20,
  eventsPerSecond: 500,
  mailbox: 1000,
  waitingBytes: 1024 * 1024,
  topics: 100,
  idle: 90_000,
  leaveMessages: 100,
  leaveTime: 5000,
  resume: 30_000,
  hibernate: 60_000,
  waiting: 5000,
  longPolls: 1000,
  adopt: 10_000,
  adoptable: 1000,
  uploadBytes: 10 * 1024 ** 3,
  uploadVisitorBytes: 2 * 1024 ** 3,
  uploadRate: 100 * 1024 ** 2,
  uploadResumeTime: 120_000,
};

/** The limits that may be 0. */
const disabledByZero: ReadonlySet<string> = new Set(["resume", "hibernate"]);

const names = [
  "secret",
  "rootLayout",
  "pubSub",
  "path",
  "basePath",
  "origins",
  "tokenLifetime",
  "statics",
  "uploadDirectory",
  "address",
  "limits",
];

/**
 * Validates the options of `createLive` and fills in the defaults.
 *
 * @throws LiveError `LIVE_ERR_OPTION`, or `LIVE_ERR_LAYOUT` for the root layout
 */
export function checkOptions(options: LiveOptions): CheckedOptions {
  if (typeof options !== "object" || options === null)
    throw new LiveError("LIVE_ERR_OPTION", "the options of createLive are invalid", {
      expected: "an object",
      got: options,
    });
  const unknown = Object.keys(options).find((key) => !names.includes(key));
  if (unknown !== undefined)
    refuse(unknown, { expected: names.join(", "), gotText: quote(unknown) });
  const {
    path = "/live",
    basePath = "",
    tokenLifetime = 14 * 24 * 3600 * 1000,
    origins = "same",
  } = options;
  if (!/^\/[\w/-]*[\w-]$/.test(path))
    refuse("path", { expected: 'a path such as "/live"', gotText: quote(path) });
  if (!/^(?:\/[\w.~-]+)*$/.test(basePath))
    refuse("basePath", { expected: 'a path such as "/app"', gotText: quote(basePath) });
  assertPositive("tokenLifetime", tokenLifetime);
  checkOrigins(origins);
  checkStatics(options.statics);
  checkAddress(options.address);
  assertLayout(options.rootLayout, "rootLayout of createLive");
  return {
    secrets: checkSecrets(options.secret),
    rootLayout: options.rootLayout,
    pubSub: options.pubSub ?? new LocalPubSub(),
    path,
    basePath,
    origins,
    tokenLifetime,
    statics: options.statics,
    uploadDirectory: checkDirectory(options.uploadDirectory),
    address: options.address,
    limits: checkLimits(options.limits),
  };
}

function checkOrigins(origins: unknown): void {
  if (origins === "same" || origins === "any" || typeof origins === "function") return;
  if (!Array.isArray(origins)) {
    refuse("origins", {
      expected: '"same", "any", an array, or a function',
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
  if (!Array.isArray(statics)) refuse("statics", { expected: "an array of URLs", got: statics });
  const wrong = statics.findIndex((url) => typeof url !== "string");
  if (wrong !== -1)
    refuse(`statics[${wrong}]`, {
      expected: 'a URL such as "/app.css?v=8f2a"',
      got: statics[wrong],
    });
}

function checkDirectory(directory: unknown): string | undefined {
  if (directory === undefined || (typeof directory === "string" && directory !== ""))
    return directory;
  return refuse("uploadDirectory", { expected: "the path of a folder", got: directory });
}

function checkAddress(address: unknown): void {
  if (address === undefined) return;
  if (typeof address === "string" && /^(\/|http:\/\/[^/])/.test(address)) return;
  refuse("address", {
    expected: 'the absolute path of a Unix socket, or a URL such as "http://10.0.0.3:4000"',
    gotText: quote(address),
  });
}

function refuse(option: string, details: LiveErrorDetails): never {
  throw new LiveError(
    "LIVE_ERR_OPTION",
    `the option "${option}" of createLive is invalid`,
    details,
  );
}

function assertPositive(option: string, value: unknown): void {
  if (typeof value === "number" && value > 0 && Number.isSafeInteger(value)) return;
  refuse(option, { expected: "a whole number above 0", gotText: quote(value) });
}

function checkSecrets(secret: unknown): readonly string[] {
  const secrets: readonly unknown[] = Array.isArray(secret) ? secret : [secret];
  const strong = secrets.every((value) => typeof value === "string" && value.length >= 32);
  if (strong && secrets.length > 0) return secrets as readonly string[];
  // The message does not contain the value, because it is a secret.
  return refuse("secret", {
    expected: "a string of at least 32 characters, or an array of such strings",
  });
}

function checkLimits(limits: Partial<LiveLimits> = {}): LiveLimits {
  for (const [name, value] of Object.entries(limits)) {
    if (!Object.hasOwn(defaultLimits, name)) {
      refuse(`limits.${name}`, {
        expected: Object.keys(defaultLimits).join(", "),
        gotText: quote(name),
      });
    }
    if (value !== 0 || !disabledByZero.has(name)) assertPositive(`limits.${name}`, value);
  }
  return { ...defaultLimits, ...limits };
}
