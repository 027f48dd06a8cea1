/**
 * One frame of the Phoenix Channels V2 JSON serializer: `[joinRef, ref, topic, event, payload]`.
 *
 * `joinRef` identifies the join that a frame belongs to, `ref` the request that a reply answers. Either is `null` if there
 * is none. The payload is `unknown` until the handler of the event has validated it.
 */
export type Message = readonly [
  joinRef: string | null,
  ref: string | null,
  topic: string,
  event: string,
  payload: unknown,
];

/** The close codes of WebSockets, by cause. The browser reconnects after each of them. */
export const CloseCode = {
  /** The HTTP session has ended (`live.disconnect`), or no heartbeat arrived in time. */
  goingAway: 1001,
  /** A frame is not text, or not a JSON message. */
  unsupportedData: 1003,
  /** A limit is exceeded: the message rate, or the messages that wait for a view. */
  policyViolation: 1008,
  /** A frame exceeds the size limit. */
  messageTooBig: 1009,
  /** The server restarts. */
  serviceRestart: 1012,
} as const;

/** The close code of a browser that replaces a carrier which does not work. The server keeps the views. */
export const carrierDropped = 4000;

/** A value of {@link CloseCode}. */
export type CloseCode = (typeof CloseCode)[keyof typeof CloseCode];

/**
 * Reports that the peer has violated the protocol. Application code never receives it: the transport closes the
 * connection with `closeCode`, and the browser joins again.
 */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
  readonly code: string;
  readonly closeCode: CloseCode;

  constructor(code: string, message: string, closeCode: CloseCode = CloseCode.unsupportedData) {
    super(message);
    this.code = code;
    this.closeCode = closeCode;
  }
}

const isRef = (value: unknown): value is string | null =>
  value === null || typeof value === "string";

/**
 * Decodes one text frame.
 *
 * @param parse parses JSON; the server passes a parser that drops `__proto__` and similar keys.
 * @throws ProtocolError `LIVE_ERR_BAD_FRAME` when the text is not an array of the five elements.
 */
export function decodeMessage(
  text: string,
  parse: (text: string) => unknown = JSON.parse,
): Message {
  let frame: unknown;
  try {
    frame = parse(text);
  } catch {
    throw new ProtocolError("LIVE_ERR_BAD_FRAME", "a frame is not JSON");
  }
  if (
    !Array.isArray(frame) ||
    frame.length !== 5 ||
    !isRef(frame[0]) ||
    !isRef(frame[1]) ||
    typeof frame[2] !== "string" ||
    typeof frame[3] !== "string"
  ) {
    throw new ProtocolError(
      "LIVE_ERR_BAD_FRAME",
      "a frame is not a channel message\nExpected: [joinRef, ref, topic, event, payload]",
    );
  }
  return frame as unknown as Message;
}

/** Encodes one text frame. */
export function encodeMessage(message: Message): string {
  return JSON.stringify(message);
}
