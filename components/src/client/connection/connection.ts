import {
  carrierDropped,
  type Message,
  partMark,
  type ResumeReply,
  type ResumeRequest,
  type ResumeSecret,
} from "../../protocol/index.js";

/**
 * The state of a connection:
 *
 * - `idle`: it has not been opened yet
 * - `connecting`: a carrier is opening
 * - `open`: the carrier is open and has delivered no frame yet
 * - `verified`: the carrier has delivered a frame
 * - `waiting`: the carrier is lost, and another one will open; after a close with the code 1000, only on request
 * - `closed`: the page has closed it
 */
export type ConnectionState = "idle" | "connecting" | "open" | "verified" | "waiting" | "closed";

/** The transport of the frames: a WebSocket or long polling. It has the members of a WebSocket that are used here. */
export interface Carrier {
  onopen: ((event: Event) => unknown) | null;
  onmessage: ((event: MessageEvent) => unknown) | null;
  onclose: ((event: CloseEvent) => unknown) | null;
  /** @param frame the text of a message, or the bytes of a part of a file */
  send(frame: string | ArrayBuffer): void;
  close(code?: number): void;
}

/** Receives the frames of one topic. */
export interface Subscriber {
  readonly topic: string;
  /** Sends the join, if the subscriber still needs one. */
  sendJoin(): void;
  receive(joinRef: string | null, ref: string | null, event: string, payload: unknown): void;
  /** The carrier is lost. The server keeps the view, and frames are sent when there is another carrier. */
  handleInterruption(): void;
  /** There is another carrier, and the view continues. */
  handleResumption(): void;
  /** The connection is lost, and with it the view. */
  handleEnd(): void;
}

/** Observes a connection. */
export interface ConnectionObserver {
  /** A carrier starts to open. */
  handleConnecting?(): void;
  handleOpen?(): void;
  /** Called when a frame of this many characters is sent. */
  handleSend?(length: number): void;
  /** Any frame, or a part of one, has arrived. */
  handleFrame?(): void;
  /** A carrier is lost, or the server has closed it. */
  handleClose?(code: number): void;
}

/** A frame that the server may not have received yet. */
interface SentFrame {
  readonly message: Message;
  readonly text: string;
}

const heartbeatMs = 25_000;

// With this close code one side asks the other one not to connect again.
const closedCleanly = 1000;

// While the page sends nothing else, at most this many frames or characters of the server remain unacknowledged.
const maxUnacknowledged = 32;
const maxUnacknowledgedLength = 64 * 1024;

/** This many events may wait for another carrier. */
const maxWaiting = 200;

/** The ref of the request to continue a connection. */
const resumeRef = "resume";

/**
 * Returns how long to wait before connecting again: short at first, later up to 10 s. The delay is random, so that the
 * pages of a restarted server do not all connect at once.
 */
export const reconnectAfterMs = (tries: number): number =>
  100 + Math.random() * Math.min(9900, 150 * 2 ** (tries - 1));

/**
 * A connection to a server, which outlives its carriers. Both sides count the frames that they have received. When a
 * carrier is lost, the next one presents a secret of the server, and both sides send again what the other one is missing. If
 * the server has no such connection, the views are joined again.
 */
export class Connection {
  readonly subscribers = new Set<Subscriber>();
  readonly observers = new Set<ConnectionObserver>();
  /** Opens a carrier. Long polling replaces this function. */
  createCarrier: (url: string) => Carrier = (url) => new WebSocket(url);
  /** Called when it is time to connect again; connects, or calls {@link connectLater}. */
  handleDue = (): void => this.connect();
  /** Called for each view that must be joined. */
  requestJoin = (subscriber: Subscriber): void => subscriber.sendJoin();
  /** Called for each frame that is sent. The debugging tools replace this function. */
  transmit = (_message: Message, send: () => void): void => send();
  /** Called for each frame that has arrived. The debugging tools replace this function. */
  deliver = (_message: Message, handle: () => void): void => handle();
  /** The attempts since a frame has arrived. */
  tries = 0;
  /** Returns the URL of the next carrier. */
  readonly url: () => string;
  #state: ConnectionState = "idle";
  /** The present carrier. Bytes that are sent by it are lost with it, unlike the frames of {@link send}. */
  carrier: Carrier | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #heartbeatTimer: ReturnType<typeof setTimeout> | undefined;
  #isHeartbeatPending = false;
  #ref = 0;
  /** The parts of a large frame that have arrived so far. */
  #parts = "";
  /** Continues the connection on another carrier. */
  #secret: string | undefined;
  /** Whether the request to continue the connection has not been answered yet. */
  #isResuming = false;
  #resumeTimer: ReturnType<typeof setTimeout> | undefined;
  #resumeMs = 0;
  #sent = 0;
  #unacknowledged: SentFrame[] = [];
  #received = 0;
  #acknowledged = 0;
  #acknowledgedLength = 0;

  constructor(url: () => string) {
    this.url = url;
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Whether a frame would be sent at once. */
  get isOpen(): boolean {
    return !this.#isResuming && (this.#state === "open" || this.#state === "verified");
  }

  /** Whether frames are accepted, if only to be sent later. */
  get accepts(): boolean {
    return this.isOpen || (!!this.#secret && this.#unacknowledged.length < maxWaiting);
  }

  /** Connects at once, unless the connection is open or opening. */
  connect(): void {
    if (this.carrier) return;
    clearTimeout(this.#timer);
    this.#state = "connecting";
    this.tries++;
    for (const observer of this.observers) observer.handleConnecting?.();
    const carrier = this.createCarrier(this.url());
    this.carrier = carrier;
    carrier.onopen = () => this.#handleOpen();
    carrier.onmessage = ({ data }) => this.#handleText(data);
    carrier.onclose = ({ code }) => this.#handleClose(code);
  }

  /** Connects after a delay that grows with each attempt. */
  connectLater(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.handleDue(), reconnectAfterMs(this.tries + 1));
  }

  /** Closes the connection. The server ends its views. */
  close(): void {
    clearTimeout(this.#timer);
    this.#release()?.close(closedCleanly);
    this.#state = "closed";
    this.#end();
  }

  /** Replaces a carrier that does not work. */
  drop(): void {
    const carrier = this.#release();
    carrier?.close(carrierDropped);
    if (carrier) this.#handleClose(carrierDropped);
  }

  /** Sends a frame, now or when there is another carrier. The ref of a join is also its join ref. Returns the ref. */
  send(joinRef: string | null, topic: string, event: string, payload: object): string {
    const ref = `${++this.#ref}`;
    const counted = this.#secret ? { ...payload, received: this.#acknowledge() } : payload;
    const message: Message = [event === "phx_join" ? ref : joinRef, ref, topic, event, counted];
    const frame = { message, text: JSON.stringify(message) };
    this.#sent++;
    this.#unacknowledged.push(frame);
    if (this.isOpen) this.#transmit(frame);
    for (const observer of this.observers) observer.handleSend?.(frame.text.length);
    return ref;
  }

  /** Sends a heartbeat, whose answer shows that the connection works. */
  sendHeartbeat(): void {
    this.#isHeartbeatPending = true;
    this.send(null, "phoenix", "heartbeat", {});
  }

  #transmit({ message, text }: SentFrame): void {
    const carrier = this.carrier;
    this.transmit(message, () => carrier === this.carrier && carrier?.send(text));
  }

  #acknowledge(): number {
    this.#acknowledgedLength = 0;
    this.#acknowledged = this.#received;
    return this.#received;
  }

  /** Forgets the carrier, whose later events are ignored, and returns it. */
  #release(): Carrier | undefined {
    const carrier = this.carrier;
    this.carrier = undefined;
    this.#isResuming = false;
    clearTimeout(this.#heartbeatTimer);
    if (carrier) carrier.onopen = carrier.onmessage = carrier.onclose = null;
    return carrier;
  }

  #handleOpen(): void {
    this.#state = "open";
    this.#parts = "";
    this.#isHeartbeatPending = false;
    this.#heartbeatTimer = setTimeout(this.#handleBeat, heartbeatMs);
    for (const observer of this.observers) observer.handleOpen?.();
    if (!this.#secret) {
      this.#start();
      return;
    }
    this.#isResuming = true;
    const payload: ResumeRequest = { secret: this.#secret, received: this.#acknowledge() };
    const message: Message = [null, resumeRef, "phoenix", "resume", payload];
    this.#transmit({ message, text: JSON.stringify(message) });
  }

  /** Starts to count on a new connection, and joins the views. */
  #start(): void {
    this.#sent = this.#received = this.#acknowledged = 0;
    this.#unacknowledged = [];
    this.#join();
  }

  #join(): void {
    for (const subscriber of this.subscribers) this.requestJoin(subscriber);
  }

  readonly #handleBeat = (): void => {
    if (this.#isHeartbeatPending) this.drop();
    else {
      this.sendHeartbeat();
      this.#heartbeatTimer = setTimeout(this.#handleBeat, heartbeatMs);
    }
  };

  #handleText(text: string): void {
    this.#state = "verified";
    this.tries = 0;
    this.#isHeartbeatPending = false;
    for (const observer of this.observers) observer.handleFrame?.();
    if (text.startsWith(partMark)) {
      this.#parts += text.slice(1);
      return;
    }
    const whole = this.#parts + text;
    this.#parts = "";
    const message = JSON.parse(whole) as Message;
    // The answer that continues a connection is not counted.
    if (this.#isResuming) this.#handleResume(message);
    else {
      this.#received++;
      this.#acknowledgedLength += whole.length;
      this.deliver(message, () => this.#handleMessage(message));
      this.#acknowledgeInTime();
    }
  }

  #handleMessage([joinRef, ref, topic, event, payload]: Message): void {
    if (ref !== null) this.#forgetUpTo(ref);
    if (topic === "phoenix" && event === "resume") this.#keepSecret(payload);
    for (const subscriber of this.subscribers) {
      if (subscriber.topic === topic) subscriber.receive(joinRef, ref, event, payload);
    }
  }

  /** Forgets a frame that the server has answered, and those before it. */
  #forgetUpTo(ref: string): void {
    const index = this.#unacknowledged.findIndex(({ message }) => message[1] === ref);
    this.#unacknowledged.splice(0, index + 1);
  }

  #acknowledgeInTime(): void {
    const count = this.#received - this.#acknowledged;
    const isDue = count >= maxUnacknowledged || this.#acknowledgedLength > maxUnacknowledgedLength;
    if (isDue && this.#secret && this.isOpen) this.send(null, "phoenix", "ack", {});
  }

  #keepSecret(payload: unknown): void {
    const { secret, ms } = payload as ResumeSecret;
    this.#secret = secret;
    this.#resumeMs = ms;
  }

  /** Sends what the server is missing, or starts again if the server does not continue the connection. */
  #handleResume([, ref, , , payload]: Message): void {
    if (ref !== resumeRef) return;
    const { status, response } = payload as { status: string; response: ResumeReply };
    clearTimeout(this.#resumeTimer);
    this.#isResuming = false;
    if (status !== "ok") {
      this.#end();
      this.#start();
      return;
    }
    this.#keepSecret(response);
    const first = this.#sent - this.#unacknowledged.length;
    this.#unacknowledged.splice(0, response.received - first);
    for (const frame of this.#unacknowledged) this.#transmit(frame);
    // Shows the server that the new secret has arrived.
    this.send(null, "phoenix", "ack", {});
    for (const subscriber of this.subscribers) subscriber.handleResumption();
    this.#join();
  }

  #handleClose(code: number): void {
    this.#release();
    this.#state = "waiting";
    for (const observer of this.observers) observer.handleClose?.(code);
    if (!this.#secret || code === closedCleanly) this.#end();
    else this.#interrupt();
    // A subscriber may have connected already.
    if (this.#state === "waiting" && code !== closedCleanly) this.connectLater();
  }

  #interrupt(): void {
    clearTimeout(this.#resumeTimer);
    this.#resumeTimer = setTimeout(() => this.#giveUp(), this.#resumeMs);
    for (const subscriber of this.subscribers) subscriber.handleInterruption();
  }

  /** Gives up the views, because the server no longer keeps them. */
  #giveUp(): void {
    const wasResuming = this.#isResuming;
    this.#isResuming = false;
    this.#end();
    if (wasResuming) this.#start();
  }

  #end(): void {
    clearTimeout(this.#resumeTimer);
    this.#secret = undefined;
    this.#unacknowledged = [];
    for (const subscriber of this.subscribers) subscriber.handleEnd();
  }
}
