import { AsyncResource } from "node:async_hooks";
import { isDeepStrictEqual } from "node:util";
import {
  CloseCode,
  decodeMessage,
  encodeMessage,
  type JoinPayload,
  type Message,
  ProtocolError,
  type ResumeRequest,
  toParts,
} from "@live-session/components/protocol";
import { chunkEvent, decodeBinaryMessage } from "@live-session/components/protocol/uploads";
import { parse } from "secure-json-parse";
import { emptyList } from "../../live/empty-list.js";
import type { NestedById } from "../../live/nested/nested-views.js";
import type { Channel } from "../../live/runtime/channel.js";
import { measured } from "../../live/tracing/tracing.js";
import { SentTemplates } from "../../render/sent-templates.js";
import type { LiveServices } from "../live-services.js";
import { isCsrfToken } from "../session/csrf.js";
import { disconnectTopic, liveSocketIdOf } from "../session/live-socket-id.js";
import { type Carrier, type CarrierEnd, type CarrierListener, noCarrier } from "./carrier.js";
import type { HandshakeSession } from "./handshake-session.js";
import { busy, type JoinConnection, JoinedViews } from "./joined-views.js";
import { Rate } from "./rate.js";
import { Resumption } from "./resumption.js";
import type { Resumable } from "./resumptions.js";
import type { Turn } from "./turns.js";

const suspicious = /__proto__|constructor|\\u/;

/**
 * Parses JSON and drops keys that would change a prototype. Only a frame that may contain such a key goes through the
 * slower parser.
 */
const safeParse = (text: string): unknown =>
  suspicious.test(text)
    ? parse(text, undefined, { protoAction: "remove", constructorAction: "remove" })
    : JSON.parse(text);

/** How long a view that is joined again may exceed limits while it restores its forms, in milliseconds. */
const restoreMs = 10_000;
/** How long a connection waits for another carrier after the browser has begun to leave the page. */
const leavingMs = 5_000;
/** How long a connection that is slowed down waits before it continues, in milliseconds. */
const delayMs = 50;

/** A smaller binary frame counts as an event, in bytes. */
const smallChunk = 4096;

interface DelayedFrame {
  readonly text: string;
  readonly bytes: number;
}

/** Visitors without a `live_socket_id` wait for another carrier only for this part of the time. */
const anonymousPart = 1 / 3;

/**
 * Serves one browser's connection: decodes its frames, applies the limits, and passes them to the views that are joined on it.
 * When its carrier is lost, the views wait for another one, as they do for a slow reader.
 */
export class Connection implements JoinConnection, CarrierListener, Resumable {
  readonly sentTemplates = new SentTemplates();
  nested: NestedById | undefined;
  /** The async context of the handshake, in which the views run. */
  readonly #context = new AsyncResource("LiveConnection");
  readonly #resumption: Resumption;
  #carrier: Carrier;
  /** Whether the connection is closed, or its carrier has passed to another connection. */
  #isOver = false;
  #isFirstFrame = true;
  readonly #session: HandshakeSession;
  readonly #services: LiveServices;
  readonly #views: JoinedViews;
  readonly #joins: Rate;
  readonly #events: Rate;
  #drainListeners: readonly (() => void)[] = emptyList;
  #endListeners: readonly ((connection: Connection) => void)[] = emptyList;
  /** Ends the subscription for `live.disconnect`. */
  #unsubscribe: (() => void) | undefined;
  /** Frames that were read while the connection is slowed down; `undefined` while it is not. */
  #delayed: DelayedFrame[] | undefined;
  #delayTimer: NodeJS.Timeout | undefined;
  readonly #turn: Turn;
  #hasEnded = false;
  /** Whether the browser was asked to connect to another process. */
  #isLeftForAnother = false;
  /** Until this time a view that has returned may send its forms, which may be many. */
  #restoresUntil = 0;
  /** Whether the browser accepts large frames in parts. */
  #sendsParts = false;
  hasJoined = false;
  /** When the last frame was received, in milliseconds since 1970. */
  lastFrame = Date.now();
  sentBytes = 0;

  constructor(carrier: Carrier, session: HandshakeSession, services: LiveServices) {
    this.#carrier = carrier;
    this.#session = session;
    this.#services = services;
    this.#joins = new Rate(services.options.limits.joinsPerSecond);
    this.#events = new Rate(services.options.limits.eventsPerSecond);
    const { csrfSecret, data } = session;
    const liveSocketId = liveSocketIdOf(data);
    this.#resumption = new Resumption(
      this,
      services.resumptions,
      services.options.limits.resume * (liveSocketId === undefined ? anonymousPart : 1),
    );
    this.#turn = services.turns.enter(csrfSecret);
    this.#views = new JoinedViews(this, session, services);
    carrier.listen(this);
    this.#listenForDisconnect(liveSocketId);
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  get writable(): boolean {
    return this.#carrier.isOpen && this.#carrier.writable && !this.#resumption.log.isFull;
  }

  onDrain(listener: () => void): void {
    this.#drainListeners = this.#drainListeners.concat(listener);
  }

  send(text: string): void {
    if (this.#isOver) return;
    if (measured.operations > 0) this.sentBytes += Buffer.byteLength(text);
    this.#resumption.log.add(text);
    if (this.#carrier.isOpen) this.#write(text);
    else if (this.#resumption.log.length > this.#services.options.limits.waitingBytes)
      this.giveUp();
  }

  #write(text: string): void {
    if (!this.#sendsParts) this.#carrier.send(text);
    else for (const part of toParts(text)) this.#carrier.send(part);
  }

  overflow(what: string): void {
    this.close(CloseCode.policyViolation, `too many ${what}`);
  }

  /** Returns the channel of the view that is joined on a topic. */
  channel(topic: string): Channel | undefined {
    return this.#views.get(topic);
  }

  /** Whether a view has files of uploads, which another process would have to receive again. */
  get hasFiles(): boolean {
    return this.#views.hasFiles;
  }

  /** Calls the listener when the connection has ended. */
  onEnd(listener: (connection: Connection) => void): void {
    this.#endListeners = this.#endListeners.concat(listener);
  }

  /** Whether all views have stopped handling messages. */
  get isFinished(): boolean {
    return this.#views.isFinished;
  }

  /** Calls the listener when all views have stopped handling messages. */
  onFinish(listener: () => void): void {
    this.#views.onFinish(listener);
  }

  /**
   * Closes the connection with a close code. Later frames are ignored. For a restart of the server, its views first handle
   * what the browser has sent; otherwise they end at once, because its user may have logged out or exceeds a limit.
   */
  close(code: CloseCode, reason: string): void {
    const last = this.#takeLast();
    if (code === CloseCode.serviceRestart) for (const frame of last) this.#handleLastFrame(frame);
    // Before the carrier, which may call handleEnd during the call.
    this.#views.end((channel) =>
      code === CloseCode.serviceRestart ? channel.leave("disconnect") : channel.end("disconnect"),
    );
    this.#isOver = true;
    const wasWaiting = this.isWaiting;
    // The carrier may end much later, and until then the browser must not continue a connection that handles nothing.
    this.#resumption.end();
    if (wasWaiting) this.#end();
    else this.#carrier.close(code, reason);
  }

  /**
   * Asks the browser to connect to another process as soon as its events are answered. Until then the connection works as before.
   *
   * @returns false if the browser does not know the request
   */
  askToMove(): boolean {
    if (this.isWaiting || !this.#resumption.log.isKeeping) return false;
    this.#isLeftForAnother = true;
    this.sendMessage([null, null, "phoenix", "restart", {}]);
    return true;
  }

  /** Ends the connection without waiting for the other side. */
  terminate(): void {
    if (this.#resumption.isWaiting) this.#end();
    else this.#carrier.terminate();
  }

  /** Whether the connection has lost its carrier and waits for another one. */
  get isWaiting(): boolean {
    return this.#resumption.isWaiting;
  }

  giveUp(): void {
    this.#end();
  }

  /**
   * The browser must be the same one, with the same HTTP session. With another one, the request may come from a visitor who
   * has stolen the secret. A connection that has a carrier then continues with it.
   */
  continueOn(
    carrier: Carrier,
    session: HandshakeSession,
    { secret, received }: ResumeRequest,
  ): boolean {
    const { log } = this.#resumption;
    const isSame = isSameSession(this.#session, session);
    if (!isSame && !this.isWaiting) return false;
    if (!isSame || !log.acknowledge(received)) {
      this.close(CloseCode.goingAway, "the connection was not continued");
      return false;
    }
    this.#resumption.stopWaiting();
    this.#resumption.confirm(secret);
    this.#carrier.discard();
    this.#carrier = carrier;
    carrier.listen(this);
    this.lastFrame = Date.now();
    this.#restoresUntil = this.lastFrame + restoreMs;
    const response = { ...this.#resumption.renew(), received: log.received };
    this.#answerResume("ok", response);
    for (const text of log.unacknowledged) this.#write(text);
    this.handleDrain();
    return true;
  }

  handleEnd(end: CarrierEnd): void {
    const maxMs = end === "leaving" ? leavingMs : undefined;
    const isLast = this.#isOver || this.#isLeftForAnother || end === "closed";
    if (isLast || !this.#resumption.wait(maxMs)) this.#end();
    else this.#carrier = noCarrier;
  }

  handleRequest(): void {
    this.lastFrame = Date.now();
  }

  handleRefusal(code: CloseCode, reason: string): void {
    this.close(code, reason);
  }

  handleText(text: string, bytes: number): void {
    if (this.#isFirstFrame && this.#handleFirst(text)) return;
    const now = performance.now();
    if (!this.#resumption.log.receive(text)) {
      // The browser sends the missing frame, and this one again, when it continues on another carrier.
      this.#carrier.terminate();
      return;
    }
    this.#resumption.confirm();
    this.#handleInTurn(text, bytes, now);
  }

  #handleInTurn(text: string, bytes: number, now = performance.now()): void {
    if (!this.#delayed && this.#turn.isOver(now)) this.#awaitTurn();
    if (this.#delayed) this.#delayed.push({ text, bytes });
    else this.#receive(this.#handleFrame, text, bytes, now);
  }

  /** Passes the carrier to the connection that the first frame asks for. Returns false for any other frame. */
  #handleFirst(text: string): boolean {
    this.#isFirstFrame = false;
    if (!text.startsWith(resumePrefix)) return false;
    this.#receive(this.#continueFormer, text, 0);
    return true;
  }

  #continueFormer(text: string): void {
    const [, , , , payload] = decodeMessage(text, safeParse);
    const request = Object(payload) as ResumeRequest;
    const former = this.#services.resumptions.find(request.secret);
    if (former?.continueOn(this.#carrier, this.#session, request)) this.#end();
    else this.#answerResume("error", {});
  }

  /** Answers the request to continue a connection. The answer is not counted. */
  #answerResume(status: "ok" | "error", response: object): void {
    this.#write(encodeMessage([null, resumeRef, "phoenix", "phx_reply", { status, response }]));
  }

  handleBinary(frame: Uint8Array): void {
    this.#receive(this.#handleChunk, frame, frame.byteLength);
  }

  /** Answers a ping. `ws` could do this by itself, but then the limit of frames per second would not apply. */
  handlePing(sendPong: () => void): void {
    this.#receive(this.#handlePing, sendPong, 0);
  }

  handlePong(): void {
    this.#receive(this.#handlePing, () => {}, 0);
  }

  #handlePing(answer: () => void): void {
    if (!this.#events.take(this.lastFrame)) throw tooManyEvents();
    answer();
  }

  handleDrain(): void {
    if (!this.#delayed) this.#carrier.resume();
    const listeners = this.#drainListeners;
    this.#drainListeners = emptyList;
    for (const listener of listeners) listener();
  }

  /** Closes the connection if it cannot subscribe, because `live.disconnect` would not reach it. */
  #listenForDisconnect(liveSocketId: string | number | undefined): void {
    if (liveSocketId === undefined) return;
    const { pubSub, onError } = this.#services;
    const disconnect = () => this.close(CloseCode.goingAway, "disconnect");
    const fail = () => this.close(CloseCode.goingAway, "the subscription failed");
    const topic = disconnectTopic(liveSocketId);
    try {
      this.#unsubscribe = pubSub.subscribe(topic, disconnect, { onFail: fail });
    } catch (error) {
      onError(error, topic);
      fail();
    }
  }

  /** @param start when the frame was received, by the clock of `performance.now()` */
  #receive<Frame>(
    handle: (frame: Frame, bytes: number) => void,
    frame: Frame,
    bytes: number,
    start = performance.now(),
  ): void {
    // If a peer does not answer our close frame, `ws` reads on for a while; those frames must have no effect.
    if (this.#isOver) return;
    this.lastFrame = Date.now();
    try {
      this.#context.runInAsyncScope(handle, this, frame, bytes);
    } catch (error) {
      this.#fail(error);
    }
    this.#turn.add(start, performance.now());
    this.#pauseWhenFull();
  }

  /** An error that escaped from here would end the process. */
  #fail(error: unknown): void {
    if (error instanceof ProtocolError) this.close(error.closeCode, error.code);
    else {
      this.#services.onError(error, "");
      this.close(CloseCode.goingAway, "an error");
    }
  }

  /** Handles the visitor's frames after other work, which would otherwise wait for all of them. */
  #awaitTurn(): void {
    if (this.#isOver) return;
    const delayed: DelayedFrame[] = [];
    this.#delayed = delayed;
    this.#carrier.pause();
    const tryAgain = (): void => {
      if (this.#delayed !== delayed) return;
      if (this.#turn.isOver(performance.now())) setImmediate(tryAgain);
      else this.#handleDelayed();
    };
    setImmediate(tryAgain);
  }

  /** Removes the frames that wait although the browser has left, as many as views handle then. */
  #takeLast(): DelayedFrame[] {
    const frames = this.#delayed?.slice(0, this.#services.leaving.messages) ?? [];
    this.#dropDelayed();
    return frames;
  }

  #end(): void {
    this.#isOver = true;
    this.#resumption.end();
    this.#handleLast(this.#takeLast());
  }

  /** Handles the last frames, in turns, and ends the views after them. */
  #handleLast(frames: readonly DelayedFrame[]): void {
    for (const [i, frame] of frames.entries()) {
      const start = performance.now();
      if (this.#turn.isOver(start)) {
        setImmediate(() => this.#handleLast(frames.slice(i)));
        return;
      }
      this.#context.runInAsyncScope(this.#handleLastFrame, this, frame);
      this.#turn.add(start, performance.now());
    }
    this.#views.end((channel) => channel.leave("disconnect"));
    this.#notifyEnd();
  }

  #notifyEnd(): void {
    if (!this.#hasEnded) {
      this.#hasEnded = true;
      this.#services.turns.leave(this.#session.csrfSecret, this.#turn);
      this.#unsubscribe?.();
    }
    const listeners = this.#endListeners;
    this.#endListeners = emptyList;
    for (const listener of listeners) listener(this);
  }

  #handleLastFrame({ text, bytes }: DelayedFrame): void {
    try {
      const message = this.#decode(text);
      if (message[3] !== "phx_join") this.#dispatch(message, bytes);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** A join above its own limit counts as an event and is refused, so that the browser can try it again later. */
  #handleFrame(text: string, bytes: number): void {
    const message = this.#decode(text);
    const isJoin = message[3] === "phx_join";
    if (isJoin && this.#joins.take(this.lastFrame)) this.#views.join(message, bytes);
    else if (!this.#events.take(this.lastFrame)) this.#delay(text, bytes);
    else if (isJoin) this.#views.refuse(message, busy);
    else this.#dispatch(message, bytes);
  }

  #decode(text: string): Message {
    const message = decodeMessage(text, safeParse);
    const { log } = this.#resumption;
    if (log.isKeeping) {
      const wasFull = log.isFull;
      log.acknowledge((Object(message[4]) as { received?: unknown }).received);
      if (wasFull && this.writable) this.handleDrain();
    }
    return message;
  }

  /** Handles what concerns the connection itself, and passes the rest to the views. */
  #dispatch(message: Message, bytes: number): void {
    const [, , topic, event] = message;
    if (topic !== "phoenix") this.#views.dispatch(message, bytes);
    else if (event === "heartbeat") this.reply(message, "ok", {});
    else if (event !== "ack" || !this.#resumption.log.isKeeping)
      this.#views.dispatch(message, bytes);
  }

  /**
   * Passes a part of a file to its view. Only small frames count as events, because the view accepts the others no faster
   * than it stores them.
   */
  #handleChunk(frame: Uint8Array): void {
    const message = decodeBinaryMessage(frame);
    if (message?.event !== chunkEvent)
      throw new ProtocolError("LIVE_ERR_BINARY_FRAME", "a binary frame is not a part of a file");
    const isSmall = frame.byteLength < smallChunk;
    if (isSmall && !this.#events.take(this.lastFrame)) throw tooManyEvents();
    const { joinRef, ref, topic, event, payload } = message;
    const channel = this.#views.get(topic);
    if (!channel || (joinRef !== "" && joinRef !== channel.joinRef)) {
      this.reply([joinRef, ref, topic, event, undefined], "error", { reason: "unknown" });
      return;
    }
    void channel.chunk(ref, payload);
    this.handleWaitingFrame();
  }

  get #isRestoring(): boolean {
    return Date.now() < this.#restoresUntil;
  }

  /** Handles a frame above the limit of events later if views are being restored; closes the connection otherwise. */
  #delay(text: string, bytes: number): void {
    if (!this.#isRestoring) throw tooManyEvents();
    this.#slowDown();
    this.#delayed?.push({ text, bytes });
  }

  #slowDown(): void {
    this.#delayed ??= [];
    this.#carrier.pause();
    this.#delayTimer = setTimeout(() => this.#handleDelayed(), delayMs).unref();
  }

  #handleDelayed(): void {
    if (this.#isOver) return; // handleEnd follows, which handles them
    const frames = this.#delayed ?? [];
    this.#delayed = undefined;
    if (this.#isRestoring && this.#views.exceedsWaitingBytes()) this.#slowDown();
    // A frame that exceeds a limit again returns to the list, and so do the frames behind it.
    for (const { text, bytes } of frames) this.#handleInTurn(text, bytes);
    if (!this.#delayed && this.#carrier.writable) this.#carrier.resume();
  }

  #dropDelayed(): void {
    clearTimeout(this.#delayTimer);
    this.#delayed = undefined;
  }

  /** Stops reading from a peer that does not read our answers, so that they cannot pile up in memory. */
  #pauseWhenFull(): void {
    if (!this.#carrier.writable) this.#carrier.pause();
  }

  /** Closes the connection when the waiting frames exceed their limit; slows it down if views are being restored. */
  handleWaitingFrame(): void {
    if (!this.#views.exceedsWaitingBytes()) return;
    if (this.#isRestoring) this.#slowDown();
    else this.overflow("bytes wait for a view");
  }

  charge(ms: number): void {
    this.#events.take(this.lastFrame, Math.floor(ms));
  }

  handleJoin(join: Message): void {
    this.hasJoined = true;
    this.#sendsParts ||= accepts(join, "parts");
    const secret = accepts(join, "resume") ? this.#resumption.start() : undefined;
    if (secret) this.sendMessage([null, null, "phoenix", "resume", secret]);
  }

  handleRejoin(): void {
    this.#restoresUntil = Date.now() + restoreMs;
  }

  reply([joinRef, ref, topic]: Message, status: "ok" | "error", response: unknown): void {
    this.sendMessage([joinRef, ref, topic, "phx_reply", { status, response }]);
  }

  sendMessage(message: Message): void {
    this.send(encodeMessage(message));
  }
}

const tooManyEvents = (): ProtocolError =>
  new ProtocolError("LIVE_ERR_RATE", "too many events per second", CloseCode.policyViolation);

/** The ref of a request to continue a connection, and the beginning of its frame. */
const resumeRef = "resume";
const resumePrefix = '[null,"resume","phoenix","resume",';

/** Returns whether the browser can do something that not every client can. */
const accepts = ([, , , , payload]: Message, what: "parts" | "resume"): boolean =>
  (payload as Partial<JoinPayload>)[what] === true;

/** Returns whether the handshake of a carrier belongs to the session that a connection was opened with. */
function isSameSession(
  former: HandshakeSession,
  { csrfToken, ...session }: HandshakeSession,
): boolean {
  const { csrfToken: _token, ...opened } = former;
  const { csrfSecret } = opened;
  return (
    isDeepStrictEqual(opened, session) &&
    (csrfSecret === undefined || isCsrfToken(csrfSecret, csrfToken))
  );
}
