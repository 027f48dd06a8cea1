import type { Server } from "node:http";
import { CloseCode, type FlashMessages } from "@live-session/components/protocol";
import type Koa from "koa";
import type { Context, Middleware } from "koa";
import compose from "koa-compose";
import { LiveRouter } from "../live/declarations/live-router.js";
import type { RouteMatch } from "../live/declarations/route.js";
import { IdleViews } from "../live/hibernation/idle-views.js";
import { LiveError } from "../live/live-error.js";
import type { PubSubHealth } from "../live/runtime/pub-sub.js";
import { ReportingPubSub } from "../live/runtime/reporting-pub-sub.js";
import { checkSent, type Topic } from "../live/socket/topic.js";
import { type ConnectionTrace, channels, isTraced, trace } from "../live/tracing/tracing.js";
import { UploadStore } from "../live/uploads/upload-store.js";
import type { Connection } from "./connection/connection.js";
import { Resumptions } from "./connection/resumptions.js";
import { Turns } from "./connection/turns.js";
import { type Duration, toMilliseconds } from "./duration.js";
import type { LiveServices } from "./live-services.js";
import { checkOptions, type LiveOptions } from "./options.js";
import { AdoptableViews } from "./page/adoptable-views.js";
import { ClientScript } from "./page/client-script.js";
import { joinInfoType, serveJoinInfo, toNestedElement } from "./page/join-info.js";
import { maxTokenLength } from "./page/join-token.js";
import { servePage } from "./page/serve-page.js";
import { servePostedForm } from "./page/serve-posted-form.js";
import { Statics } from "./page/statics.js";
import { type RequestPath, requestPath } from "./request-path.js";
import { checkCsrfToken } from "./session/csrf.js";
import { fitFlash, putFlash, takeFlash } from "./session/flash.js";
import { httpSession } from "./session/http-session.js";
import { keptPlaceOf, sealKept } from "./session/kept-state.js";
import { disconnectTopic } from "./session/live-socket-id.js";
import { Sealer } from "./session/sealer.js";
import { Signer } from "./session/signer.js";
import { attachUpgrades } from "./transports/attach-upgrades.js";
import { LongPolls } from "./transports/long-polls.js";
import { allowOrigin, isAllowedOrigin } from "./transports/origin.js";
import { Upgrades } from "./transports/upgrades.js";

/** The largest size of a frame without its payload, in bytes. */
const envelopeBytes = 256;
/** How long `close()` waits for browsers to close their side, in milliseconds. */
const closeGrace = 2000;
/** How long a browser may use a connection after it was asked to connect to another process, in milliseconds. */
const moveTime = 2000;
/** How many sockets `close()` closes at once, and the milliseconds in between. */
const closeAtOnce = 200;
const closePause = 50;
/** How often connections are checked for silence, in milliseconds. */
const sweepInterval = 5000;

/** The state of one process, for a route that a load balancer or a monitor requests. */
export interface LiveHealth {
  /** Whether new visitors may be sent to this process; `false` after `close()` was called. */
  readonly ready: boolean;
  /** The number of open sockets. */
  readonly connections: number;
  /** Whether broadcasts reach the other processes. Pages and events do not need that. */
  readonly pubSub: PubSubHealth;
}

/** Options of `live.close`. */
export interface CloseOptions {
  /**
   * Spreads the ends of the sockets over this time, such as `"30s"`, so that their browsers connect to the other processes one
   * after the other. Until its end, a socket works as before. A browser ends its socket when its events are answered; the server
   * closes it two seconds later. Sockets with uploaded files end last, when the files have been consumed.
   */
  readonly over?: Duration;
}

/** Live sessions installed in a Koa app; made by {@link createLive}. */
export class Live {
  readonly #services: LiveServices;
  readonly #upgrades: Upgrades;
  readonly #longPolls: LongPolls;
  readonly #connections = new Set<Connection>();
  /** Ended connections whose views still handle what their browsers had sent. */
  readonly #finishing = new Set<Connection>();
  readonly #detach: (() => void)[] = [];
  #app: Koa | undefined;
  #draining = false;
  #metrics: Promise<() => Promise<string>> | undefined;
  #sweep: NodeJS.Timeout | undefined;

  constructor(router: LiveRouter, options: LiveOptions) {
    const checked = checkOptions(options);
    const signer = new Signer(checked.secrets, maxTokenLength(checked.limits.frameBytes));
    const script = new ClientScript(checked.path);
    const sealer = new Sealer(checked.secrets);
    const onError = (error: unknown) => this.#report(toError(error));
    this.#services = {
      router,
      options: checked,
      signer,
      sealer,
      pubSub: new ReportingPubSub(checked.pubSub, onError),
      script,
      statics: new Statics(checked.statics, script),
      turns: new Turns(),
      adoptableViews: new AdoptableViews(checked.limits),
      resumptions: new Resumptions(checked.limits.waiting),
      signFlash: (flash) => signer.sign("flash", fitFlash(flash)),
      sealKept: (values, input) => {
        try {
          return sealKept(sealer, values, keptPlaceOf(input.match.route, input));
        } catch (error) {
          if (process.env.NODE_ENV !== "production") throw error;
          onError(error);
          return undefined;
        }
      },
      nestedElement: (id, parent) => toNestedElement(id, parent, this.#services),
      onError,
      idleViews: new IdleViews(checked.limits.hibernate, onError),
      uploads: new UploadStore({ ...checked.limits, directory: checked.uploadDirectory }),
      maxMailbox: checked.limits.mailbox,
      maxPayload: Math.max(0, checked.limits.frameBytes - envelopeBytes),
      leaving: { messages: checked.limits.leaveMessages, ms: checked.limits.leaveTime },
    };
    void this.#services.uploads.sweep().catch(onError);
    const welcome = (transport: ConnectionTrace["transport"]) => (connection: Connection) =>
      this.#welcome(connection, transport);
    this.#upgrades = new Upgrades(this.#services, welcome("websocket"));
    this.#longPolls = new LongPolls(this.#services, welcome("longpoll"));
  }

  /**
   * The middleware that answers the routes' GET requests, forms with files for the uploads of their views, the socket's
   * upgrade, and the client script.
   * Install it after the middleware that live pages need, such as the session.
   */
  middleware(): Middleware {
    const live: Middleware = async (ctx, next) => {
      this.#app ??= ctx.app;
      const { options, script, router } = this.#services;
      const { method } = ctx;
      const requested = requestPath(ctx, options.basePath);
      const { path } = requested;
      if (path === `${options.path}/websocket`) {
        if (this.#draining) ctx.throw(503, "the server is restarting");
        this.#upgrades.take(ctx);
        return;
      }
      if (path === `${options.path}/longpoll`) {
        // Connections that are not closed yet continue.
        if (this.#draining && !this.#longPolls.has(ctx)) ctx.throw(503, "the server is restarting");
        return this.#longPolls.take(ctx);
      }
      const isForm = method === "POST" && Boolean(ctx.is("multipart/form-data"));
      if (method !== "GET" && method !== "HEAD" && !isForm) return next();
      if (!isForm && script.serve(ctx, path)) return;
      const match = router.match(path, ctx.search);
      const isAnswered = match && (!isForm || match.route.view.definition.uploads);
      if (isAnswered) return this.#serve(ctx, match, requested);
      if (!match && router.isMalformed(path))
        ctx.throw(400, "a param of the path cannot be decoded");
      return next();
    };
    return live;
  }

  /**
   * Passes WebSocket upgrades of a server to the middleware: those of the socket's path, and all others if the server has
   * no other listener for upgrades. The app answers those.
   *
   * @returns the server, so that the call can contain `app.listen()`
   */
  attach<HttpServer extends Server>(server: HttpServer): HttpServer {
    this.#detach.push(
      attachUpgrades(server, { socketPath: `${this.#services.options.path}/websocket` }),
    );
    return server;
  }

  /**
   * Sends a message to every view that subscribed to the topic.
   *
   * @param topic a name, or a topic of `topic(pattern, schema)`
   * @throws LiveError `LIVE_ERR_PAYLOAD` when the message is not JSON, or the schema of the topic refuses it
   */
  broadcast<Sent = unknown>(topic: string | Topic<Sent>, message: NoInfer<Sent>): void {
    this.#services.pubSub.broadcast(checkSent(topic, message), message);
  }

  /**
   * Ends every socket whose HTTP session contains this `live_socket_id`. Their browsers connect again immediately, with
   * the session that they have then.
   */
  disconnect(liveSocketId: string | number): void {
    this.#services.pubSub.broadcast(disconnectTopic(liveSocketId), "disconnect");
  }

  /**
   * Stores a flash message in the HTTP session for the next page, which may be a live page or a plain one.
   * Without an HTTP session the message is lost.
   *
   * @throws LiveError `LIVE_ERR_PAYLOAD` when `kind` or `message` is not a string
   */
  putFlash(ctx: Context, kind: string, message: string): void {
    putFlash(ctx, kind, message);
  }

  /**
   * Takes the flash messages for a plain page: those of a live page that redirected to it, and those of
   * {@link putFlash}. Each message is shown once, so a page that takes messages must show them. Live pages
   * take their messages themselves.
   */
  takeFlash(ctx: Context): FlashMessages {
    return takeFlash(ctx, this.#services.signer);
  }

  /** The number of open sockets. Connections that wait for another one do not count. */
  get connections(): number {
    return this.#connections.size - this.#services.resumptions.waiting;
  }

  /** Returns the state of this process. */
  health(): LiveHealth {
    const { health } = this.#services.pubSub;
    return { ready: !this.#draining, connections: this.connections, pubSub: health };
  }

  /**
   * Returns metrics in the text format of Prometheus: connections, views, durations, mailbox lengths and sent bytes of all
   * views of this process. They are counted from the first call on, so call it once at the start.
   *
   * @throws LiveError `LIVE_ERR_OPTION` when the package prom-client is not installed
   */
  async metrics(): Promise<string> {
    this.#metrics ??= import("../observability/prometheus.js").then(({ collectMetrics }) =>
      collectMetrics(this),
    );
    return (await this.#metrics)();
  }

  /**
   * Ends every socket, so that browsers connect to the next process, and refuses new ones with 503. Resolves
   * when all are closed and the views have handled what their browsers had sent; see `limits.leaveTime`.
   *
   * @throws LiveError (as rejection) `LIVE_ERR_OPTION` when `over` is not a duration
   */
  async close({ over }: CloseOptions = {}): Promise<void> {
    const duration = over === undefined ? undefined : toMilliseconds(over, "over");
    this.#draining = true;
    this.#services.adoptableViews.close();
    clearInterval(this.#sweep);
    const gone = await this.#closeSpreadOut(duration);
    const late = setTimeout(
      () => {
        for (const connection of this.#connections) connection.terminate();
      },
      duration === undefined ? closeGrace : moveTime + closeGrace,
    );
    await Promise.all(gone);
    clearTimeout(late);
    await Promise.all([...this.#finishing].map(finished));
    await this.#services.uploads.close();
    for (const detach of this.#detach.splice(0)) detach();
  }

  /**
   * Closes some sockets at a time, so that their browsers do not all reconnect at the same moment.
   *
   * @param duration how long this takes, in milliseconds; a short time by default
   */
  async #closeSpreadOut(duration: number | undefined): Promise<Promise<void>[]> {
    const gone: Promise<void>[] = [];
    const uploading: Connection[] = [];
    const end = performance.now() + (duration ?? 0);
    const all = [...this.#connections];
    const close = (connection: Connection) => {
      if (!this.#connections.has(connection)) return; // It has ended while others were closed.
      gone.push(ended(connection));
      if (duration === undefined || !connection.askToMove()) closeForRestart(connection);
      else closeLater(connection);
    };
    const atOnce =
      duration === undefined
        ? closeAtOnce
        : Math.max(1, Math.ceil(all.length / Math.max(1, duration / closePause)));
    const pause = duration === undefined ? closePause : (duration * atOnce) / all.length;
    for (const [i, connection] of all.entries()) {
      if (i > 0 && i % atOnce === 0) await new Promise((resolve) => setTimeout(resolve, pause));
      if (duration !== undefined && connection.hasFiles) uploading.push(connection);
      else close(connection);
    }
    await Promise.all(
      uploading.map((connection) => this.#closeWithoutFiles(connection, end, close)),
    );
    return gone;
  }

  /** Closes a connection when its views have consumed their files, at the latest at a time of `performance.now()`. */
  async #closeWithoutFiles(
    connection: Connection,
    end: number,
    close: (connection: Connection) => void,
  ): Promise<void> {
    while (connection.hasFiles && performance.now() < end)
      await new Promise((resolve) => setTimeout(resolve, closePause));
    close(connection);
  }

  #serve(ctx: Context, match: RouteMatch, requested: RequestPath): Promise<void> {
    const { use } = match.route.liveSession;
    if (isPrefetch(ctx)) {
      refusePrefetch(ctx);
      return Promise.resolve();
    }
    const answer = () => this.#answer(ctx, match, requested);
    return use.length === 0 ? answer() : compose(use as Middleware[])(ctx, answer);
  }

  /** Emits the app's `error` event. A missing listener, or one that throws, must not affect other connections. */
  #report(error: Error): void {
    try {
      this.#app?.emit("error", error);
    } catch (thrown) {
      process.emitWarning("the app has no listener of its error event, or the listener threw", {
        detail: String(toError(thrown).stack),
      });
    }
  }

  async #answer(ctx: Context, match: RouteMatch, requested: RequestPath): Promise<void> {
    if (ctx.method === "POST") return this.#answerForm(ctx, match, requested);
    ctx.vary("Accept");
    if (!ctx.get("accept").includes(joinInfoType)) {
      if (!ctx.accepts("html")) ctx.throw(406, "this page is only available as HTML");
      if (ctx.method === "HEAD") return describePage(ctx);
      return servePage(ctx, match, requested, this.#services).catch(throwThrown);
    }
    ctx.vary("Origin");
    if (!isAllowedOrigin(this.#services.options.origins, ctx.get("origin"), ctx.host)) {
      ctx.throw(403, "the origin is not allowed");
    }
    allowOrigin(ctx);
    await serveJoinInfo(ctx, match, requested, this.#services);
  }

  async #answerForm(ctx: Context, match: RouteMatch, requested: RequestPath): Promise<void> {
    // Without a session, a forged form cannot act as the user. But it could reach an app in the visitor's private network.
    if (httpSession(ctx)) await checkCsrfToken(ctx);
    else if (!isAllowedOrigin(this.#services.options.origins, ctx.get("origin"), ctx.host))
      ctx.throw(403, "the origin is not allowed");
    await servePostedForm(ctx, match, requested, this.#services).catch(throwThrown);
  }

  #welcome(connection: Connection, transport: ConnectionTrace["transport"]): void {
    this.#connections.add(connection);
    if (isTraced(channels.connection)) {
      void trace<ConnectionTrace, void>(channels.connection, { transport }, () =>
        ended(connection),
      );
    }
    connection.onEnd(this.#handleEnd);
    this.#sweep ??= setInterval(() => this.#closeSilent(), sweepInterval).unref();
  }

  /** A shared listener: a closure for each connection would take memory. */
  readonly #handleEnd = (connection: Connection): void => {
    this.#connections.delete(connection);
    if (connection.isFinished) return;
    this.#finishing.add(connection);
    connection.onFinish(() => this.#finishing.delete(connection));
  };

  #closeSilent(): void {
    const oldest = Date.now() - this.#services.options.limits.idle;
    for (const connection of this.#connections) {
      if (connection.lastFrame < oldest && !connection.isWaiting)
        connection.close(CloseCode.goingAway, "no frame for too long");
    }
  }
}

const ended = (connection: Connection): Promise<void> =>
  new Promise((resolve) => connection.onEnd(() => resolve()));

const finished = (connection: Connection): Promise<void> =>
  new Promise((resolve) => connection.onFinish(resolve));

function closeForRestart(connection: Connection): void {
  connection.close(CloseCode.serviceRestart, "the server is restarting");
}

/** Closes a connection whose browser does not connect to another process in time. */
function closeLater(connection: Connection): void {
  const timer = setTimeout(closeForRestart, moveTime, connection);
  connection.onEnd(() => clearTimeout(timer));
}

/** Answers HEAD without a mount, because a mount may have side effects. */
function describePage(ctx: Context): void {
  ctx.status = 200;
  ctx.type = "html";
}

/** Returns whether a browser loads a page that its user may never see. */
const isPrefetch = (ctx: Context): boolean =>
  ["sec-purpose", "purpose", "x-moz"].some((name) => /\bprefetch\b/.test(ctx.get(name)));

/** Refuses a prefetch, because a mount may have side effects. The browser loads the page when the user opens it. */
function refusePrefetch(ctx: Context): void {
  ctx.status = 503;
  ctx.set("Cache-Control", "no-store");
  ctx.body = "live pages cannot be prefetched";
}

/** Throws a thrown value again. Koa ignores an error that is undefined or null. */
const throwThrown = (thrown: unknown): never => {
  throw thrown ?? toError(thrown);
};

/** Returns the thrown value, or an error that describes it: Koa's error listener refuses values that are not errors. */
const toError = (thrown: unknown): Error =>
  thrown instanceof Error
    ? thrown
    : new Error("a live view threw a value that is not an Error", { cause: thrown });

/**
 * Installs live sessions in a Koa app.
 *
 * @example
 * const live = createLive(router, { secret: config.secret });
 * app.use(session(app)).use(live.middleware());
 * live.attach(app.listen(4000));
 *
 * @throws LiveError `LIVE_ERR_OPTION` naming the option that is wrong
 */
export function createLive(router: LiveRouter, options: LiveOptions): Live {
  if (!(router instanceof LiveRouter)) {
    throw new LiveError("LIVE_ERR_OPTION", "createLive expects a router", {
      expected: "a LiveRouter",
      got: router,
    });
  }
  return new Live(router, options);
}
