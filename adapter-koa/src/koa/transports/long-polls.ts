import { CloseCode } from "@live-session/components/protocol";
import type { Context } from "koa";
import { nanoid } from "nanoid";
import { LiveError } from "../../live/live-error.js";
import { Connection } from "../connection/connection.js";
import { handshakeSession } from "../connection/handshake-session.js";
import { forwardRequest, isForwarded } from "../forward-request.js";
import type { LiveServices } from "../live-services.js";
import { csrfSecret } from "../session/csrf.js";
import { discardSessionChanges } from "../session/http-session.js";
import { LongPollCarrier } from "./long-poll-carrier.js";
import { allowOrigin, isAllowedOrigin } from "./origin.js";

/** How long a request waits for frames, in milliseconds. */
const window = 10_000;
/** How long a connection without a waiting request stays open, in milliseconds. */
const abandonedAfter = window * 1.5;
/** A POST may contain several frames. Its size is limited to this many times the limit of one frame, in Base64. */
const framesPerPost = 4;

/** The state of a connection over long polling between its requests. */
interface LongPoll {
  readonly carrier: LongPollCarrier;
  /** Identifies the HTTP session; requests with another session are not from the same browser. */
  readonly csrfSecret: string | undefined;
  waiting: number;
  /** The response to the last GET, until the browser shows by its next one that it has received this. */
  answer: { readonly number: number; readonly messages: readonly string[] } | undefined;
  /** The number of the last POST whose frames were read. */
  lastPost: number;
  isPosting: boolean;
  abandonTimer: NodeJS.Timeout | undefined;
}

/**
 * Serves connections over HTTP requests, for browsers behind a proxy that blocks WebSockets. The protocol is Phoenix's
 * long polling as its official client speaks it:
 *
 * - GET without a token opens a connection and returns its token.
 * - GET with a token waits for frames.
 * - POST contains frames of the browser, one a line.
 * - DELETE closes the connection.
 *
 * Browsers and proxies send a request again when its connection was reset, even a POST. So our client numbers its requests: a
 * POST is handled once, and a repeated GET also gets the frames of the response that was lost.
 *
 * The client reads the status in the response body, not the HTTP status.
 */
export class LongPolls {
  readonly #services: LiveServices;
  readonly #onConnection: (connection: Connection) => void;
  readonly #open = new Map<string, LongPoll>();

  constructor(services: LiveServices, onConnection: (connection: Connection) => void) {
    this.#services = services;
    this.#onConnection = onConnection;
  }

  /** Answers a request for the path of long polling. */
  async take(ctx: Context): Promise<void> {
    const { origins } = this.#services.options;
    ctx.set("Cache-Control", "no-store");
    ctx.vary("Origin");
    if (ctx.query.token !== undefined) discardSessionChanges(ctx);
    ignoreClientErrors(ctx);
    if (!isAllowedOrigin(origins, ctx.get("origin"), ctx.host))
      return respond(ctx, 403, { status: 403 });
    allowOrigin(ctx);
    if (!String(ctx.query.vsn).startsWith("2.")) return respond(ctx, 403, { status: 403 });
    const address = this.#otherAddress(ctx);
    if (address !== undefined && (await forwardRequest(ctx, address))) return;
    switch (ctx.method) {
      case "HEAD":
        ctx.status = 204;
        return;
      case "OPTIONS":
        ctx.set("Access-Control-Allow-Methods", "GET, HEAD, POST, DELETE");
        ctx.set("Access-Control-Allow-Headers", "content-type");
        ctx.status = 204;
        return;
      case "GET":
        return ctx.query.token === undefined ? this.#connect(ctx) : this.#poll(ctx);
      case "POST":
        return this.#post(ctx);
      case "DELETE":
        this.#find(ctx)?.carrier.close();
        return respond(ctx, 200, { status: 200 });
      default:
        ctx.throw(405);
    }
  }

  #connect(ctx: Context): void {
    if (this.#open.size >= this.#services.options.limits.longPolls) this.#closeUnused();
    if (this.#open.size >= this.#services.options.limits.longPolls) {
      respond(ctx, 503, { status: 500 });
      return;
    }
    const id = nanoid();
    const { longPoll, connection } = this.#createLongPoll(ctx, id);
    if (!longPoll.carrier.isOpen) {
      respond(ctx, 503, { status: 500 });
      return;
    }
    this.#open.set(id, longPoll);
    this.#onConnection(connection);
    startAbandonTimer(longPoll);
    // Phoenix answers a new connection with the status "gone" and a token.
    respond(ctx, 200, {
      status: 410,
      token: this.#services.signer.sign("long-poll", this.#withAddress(id)),
      messages: [],
    });
  }

  /**
   * Closes the oldest connection on which no view has been joined. A browser joins its views at once, but anyone can open
   * connections without a page of ours.
   */
  #closeUnused(): void {
    for (const { carrier } of this.#open.values()) {
      if (carrier.isUsed) continue;
      carrier.refuse(CloseCode.policyViolation, "too many connections");
      return;
    }
  }

  #createLongPoll(ctx: Context, id: string): { longPoll: LongPoll; connection: Connection } {
    const carrier = new LongPollCarrier(() => {
      // The connection may end while it is being created.
      if (this.#open.delete(id)) clearTimeout(longPoll.abandonTimer);
    });
    const session = handshakeSession(ctx, this.#services.options.basePath, ctx.query._csrf_token);
    const longPoll: LongPoll = {
      carrier,
      csrfSecret: csrfSecret(ctx),
      waiting: 0,
      answer: undefined,
      lastPost: 0,
      isPosting: false,
      abandonTimer: undefined,
    };
    return { longPoll, connection: new Connection(carrier, session, this.#services) };
  }

  async #poll(ctx: Context): Promise<void> {
    const longPoll = this.#find(ctx);
    if (!longPoll) return respond(ctx, 200, { status: 410, token: null, messages: [] });
    const { carrier } = longPoll;
    const number = numberOf(ctx);
    carrier.touch();
    clearTimeout(longPoll.abandonTimer);
    if (longPoll.answer?.number !== number) longPoll.answer = undefined;
    longPoll.waiting++;
    const requestClosed = new Promise<void>((resolve) => ctx.res.once("close", resolve));
    await Promise.race([carrier.wait(longPoll.answer ? 0 : window), requestClosed]);
    carrier.touch();
    if (--longPoll.waiting === 0 && carrier.isOpen) startAbandonTimer(longPoll);
    if (ctx.res.destroyed) return;
    const messages = takeAnswer(longPoll, number);
    const status = messages.length > 0 ? 200 : 204;
    respond(ctx, 200, { status, token: ctx.query.token, messages });
  }

  async #post(ctx: Context): Promise<void> {
    const longPoll = this.#find(ctx);
    if (!longPoll) return respond(ctx, 200, { status: 410 });
    const { carrier } = longPoll;
    if (longPoll.isPosting) return respond(ctx, 200, { status: 429 });
    const number = numberOf(ctx);
    if (number <= longPoll.lastPost) return respond(ctx, 200, { status: 200 });
    longPoll.isPosting = true;
    try {
      const frames = await readFrames(ctx, this.#services.options.limits.frameBytes);
      if (!frames) {
        carrier.refuse(CloseCode.messageTooBig, "a frame is too big");
        return respond(ctx, 413, { status: 413 });
      }
      if (number > longPoll.lastPost) longPoll.lastPost = number;
      await carrier.receive(frames);
      respond(ctx, 200, { status: carrier.isOpen ? 200 : 410 });
    } catch (error) {
      if (ctx.req.complete) throw error;
      // The browser aborted the POST. It sends the frames again if it can continue the connection.
      carrier.lose();
    } finally {
      longPoll.isPosting = false;
    }
  }

  /** Adds the address of this process to the id of a connection. It is encrypted, because the browser gets it. */
  #withAddress(id: string): string | readonly string[] {
    const { options, sealer } = this.#services;
    return options.address === undefined ? id : [id, sealer.seal(options.address)];
  }

  /** Returns the address of the process that has the connection of a request, if it is another one. */
  #otherAddress(ctx: Context): string | undefined {
    const { options, sealer } = this.#services;
    if (options.address === undefined || isForwarded(ctx)) return undefined;
    const [, sealed] = this.#read(ctx);
    const address = sealed === undefined ? undefined : sealer.open(sealed);
    return typeof address === "string" && address !== options.address ? address : undefined;
  }

  /** Returns the id of the connection of a request, and the sealed address of its process. */
  #read(ctx: Context): readonly [id?: string, address?: string] {
    const { signer, options } = this.#services;
    const data = signer.verify("long-poll", ctx.query.token, options.tokenLifetime);
    return typeof data === "string"
      ? [data]
      : Array.isArray(data)
        ? (data as [string, string])
        : [];
  }

  /** Whether a request belongs to an open connection of this process. */
  has(ctx: Context): boolean {
    return this.#find(ctx) !== undefined;
  }

  #find(ctx: Context): LongPoll | undefined {
    const [id] = this.#read(ctx);
    const longPoll = typeof id === "string" ? this.#open.get(id) : undefined;
    return longPoll?.csrfSecret === csrfSecret(ctx) ? longPoll : undefined;
  }
}

/**
 * Returns the number of a request among those of its method on a connection: 1 or more, or NaN if it has none, as the requests of
 * Phoenix's client.
 */
function numberOf(ctx: Context): number {
  const number = Number(ctx.query.n);
  return number >= 1 ? number : Number.NaN;
}

/** Takes the frames for the response to a GET. A GET that is repeated also gets those of the response that was lost. */
function takeAnswer(longPoll: LongPoll, number: number): readonly string[] {
  const { answer, carrier } = longPoll;
  const lost = answer?.number === number ? answer.messages : [];
  const messages = [...lost, ...carrier.take()];
  longPoll.answer = { number, messages };
  return messages;
}

function startAbandonTimer(longPoll: LongPoll): void {
  const lose = () => longPoll.carrier.lose();
  longPoll.abandonTimer = setTimeout(lose, abandonedAfter).unref();
}

function respond(ctx: Context, status: number, body: object): void {
  ctx.status = status;
  ctx.body = body;
}

/** The codes of errors that the client has caused: it has ended the connection, or what it sends is not HTTP. */
const clientErrorCodes = /^(?:ECONNRESET$|EPIPE$|HPE_)/;

/** Keeps Koa from reporting a request that the client aborts or that is malformed, which is not an error of the app. */
function ignoreClientErrors(ctx: Context): void {
  const onerror = ctx.onerror.bind(ctx);
  ctx.onerror = (error) => {
    const { code } = Object(error) as { code?: unknown };
    if (ctx.req.complete && !clientErrorCodes.test(String(code))) onerror(error);
  };
}

/** Reads the frames in a request body. Returns `undefined` if the body or one of the frames is too big. */
async function readFrames(ctx: Context, frameBytes: number): Promise<string[] | undefined> {
  const body = await readBody(ctx, frameBytes * framesPerPost);
  const frames = body?.split(/\r?\n/).filter((line) => line !== "");
  return frames?.some((frame) => sizeOf(frame) > frameBytes) ? undefined : frames;
}

/** Returns the size of a frame in bytes; that of a binary frame without its encoding. */
const sizeOf = (frame: string): number => {
  const isText = frame.startsWith("[") || frame.length % 4 !== 0;
  return Buffer.byteLength(frame, isText ? "utf8" : "base64");
};

/**
 * Reads a request body. Returns `undefined` if it is longer than the limit.
 *
 * @throws LiveError `LIVE_ERR_BODY` when an earlier middleware has read the body
 */
async function readBody(ctx: Context, limit: number): Promise<string | undefined> {
  if (ctx.req.readableDidRead) {
    throw new LiveError("LIVE_ERR_BODY", "body of a long-polling request was read before", {
      expected: "no middleware before live.middleware() that reads bodies of application/x-ndjson",
      gotText: "a request whose body was consumed",
    });
  }
  if (ctx.request.length > limit) return undefined;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of ctx.req as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
