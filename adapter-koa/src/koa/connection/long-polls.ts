import { CloseCode } from "@live-session/components/protocol";
import type { Context } from "koa";
import { nanoid } from "nanoid";
import type { LiveServices } from "../live-services.js";
import { csrfSecret } from "../session/csrf.js";
import { Connection } from "./connection.js";
import { handshakeSession } from "./handshake-session.js";
import { LongPollCarrier } from "./long-poll-carrier.js";
import { allowOrigin, isAllowedOrigin } from "./origin.js";

/** How long a request waits for frames, in milliseconds. */
const window = 10_000;
/** How long a connection lasts without a request that waits. */
const abandonedAfter = window * 1.5;
/** A post may hold several frames; so many times a frame's limit. */
const framesPerPost = 4;

/** A connection over long polling, as the server keeps it between requests. */
interface LongPoll {
  readonly carrier: LongPollCarrier;
  readonly connection: Connection;
  /** Requests of another HTTP session are not of the same browser. */
  readonly csrfSecret: string | undefined;
  waiting: number;
  isPosting: boolean;
  abandoned: NodeJS.Timeout | undefined;
}

/**
 * Connections over HTTP requests, for browsers behind something that lets no WebSocket through: Phoenix's
 * long polling, as its official client speaks it. A GET without a token opens a connection and is answered
 * with its token; a GET with it waits for frames, a POST brings some, one a line, a DELETE ends it. The
 * answer's body tells the status that counts.
 */
export class LongPolls {
  readonly #services: LiveServices;
  readonly #onConnection: (connection: Connection) => void;
  readonly #open = new Map<string, LongPoll>();

  constructor(services: LiveServices, onConnection: (connection: Connection) => void) {
    this.#services = services;
    this.#onConnection = onConnection;
  }

  async take(ctx: Context): Promise<void> {
    const { origins } = this.#services.options;
    ctx.set("Cache-Control", "no-store");
    ctx.vary("Origin");
    if (!isAllowedOrigin(origins, ctx.get("origin"), ctx.host))
      return answer(ctx, 403, { status: 403 });
    allowOrigin(ctx);
    if (!String(ctx.query.vsn).startsWith("2.")) return answer(ctx, 403, { status: 403 });
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
        return answer(ctx, 200, { status: 200 });
      default:
        ctx.throw(405);
    }
  }

  #connect(ctx: Context): void {
    if (this.#open.size >= this.#services.options.limits.longPolls) {
      answer(ctx, 503, { status: 500 });
      return;
    }
    const id = nanoid();
    const carrier = new LongPollCarrier(() => {
      clearTimeout(longPoll.abandoned);
      this.#open.delete(id);
    });
    const connection = new Connection(
      carrier,
      handshakeSession(ctx, ctx.query._csrf_token),
      this.#services,
    );
    const longPoll: LongPoll = {
      carrier,
      connection,
      csrfSecret: csrfSecret(ctx),
      waiting: 0,
      isPosting: false,
      abandoned: undefined,
    };
    this.#open.set(id, longPoll);
    this.#onConnection(connection);
    expectPoll(longPoll);
    // As Phoenix has it, what is new is "gone" with a token.
    answer(ctx, 200, {
      status: 410,
      token: this.#services.signer.sign("long-poll", id),
      messages: [],
    });
  }

  async #poll(ctx: Context): Promise<void> {
    const longPoll = this.#find(ctx);
    if (!longPoll) return answer(ctx, 200, { status: 410, token: null, messages: [] });
    const { carrier, connection } = longPoll;
    connection.lastFrame = Date.now();
    clearTimeout(longPoll.abandoned);
    longPoll.waiting++;
    const left = new Promise<void>((resolve) => ctx.res.once("close", resolve));
    await Promise.race([carrier.wait(window), left]);
    connection.lastFrame = Date.now();
    if (--longPoll.waiting === 0 && carrier.isOpen) expectPoll(longPoll);
    if (ctx.res.destroyed) return;
    const messages = carrier.take();
    const status = messages.length > 0 ? 200 : 204;
    answer(ctx, 200, { status, token: ctx.query.token, messages });
  }

  async #post(ctx: Context): Promise<void> {
    const longPoll = this.#find(ctx);
    if (!longPoll) return answer(ctx, 200, { status: 410 });
    const { carrier, connection } = longPoll;
    if (longPoll.isPosting) return answer(ctx, 200, { status: 429 });
    longPoll.isPosting = true;
    keepAbortFromApp(ctx);
    try {
      const { frameBytes } = this.#services.options.limits;
      const body = await readBody(ctx, frameBytes * framesPerPost);
      const frames = body?.split(/\r?\n/).filter((line) => line !== "");
      if (!frames || frames.some((frame) => Buffer.byteLength(frame) > frameBytes)) {
        connection.close(CloseCode.messageTooBig, "a frame is too big");
        return answer(ctx, 413, { status: 413 });
      }
      await carrier.receive(frames);
      answer(ctx, 200, { status: carrier.isOpen ? 200 : 410 });
    } catch (error) {
      if (ctx.req.complete) throw error;
      // The browser went away within the post. Nobody can tell which of its frames are lost.
      connection.close(CloseCode.goingAway, "a post was cut off");
    } finally {
      longPoll.isPosting = false;
    }
  }

  #find(ctx: Context): LongPoll | undefined {
    const { signer, options } = this.#services;
    const id = signer.verify("long-poll", ctx.query.token, options.tokenLifetime);
    const longPoll = typeof id === "string" ? this.#open.get(id) : undefined;
    return longPoll?.csrfSecret === csrfSecret(ctx) ? longPoll : undefined;
  }
}

function expectPoll(longPoll: LongPoll): void {
  const close = () => longPoll.connection.close(CloseCode.goingAway, "no request for too long");
  longPoll.abandoned = setTimeout(close, abandonedAfter).unref();
}

function answer(ctx: Context, status: number, body: object): void {
  ctx.status = status;
  ctx.body = body;
}

/** Koa tells the app of a connection that breaks within a request. A browser may leave whenever it likes. */
function keepAbortFromApp(ctx: Context): void {
  const onerror = ctx.onerror.bind(ctx);
  ctx.onerror = (error) => {
    if (ctx.req.complete) onerror(error);
  };
}

/** The body of a request; nothing if it is longer than allowed. */
async function readBody(ctx: Context, limit: number): Promise<string | undefined> {
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
