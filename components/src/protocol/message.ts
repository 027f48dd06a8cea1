/**
 * One frame of the Phoenix Channels V2 JSON serializer: `[joinRef, ref, topic, event, payload]`.
 *
 * `joinRef` names the join a frame belongs to, `ref` the request a reply answers; both are `null` on
 * frames that belong to none. The payload is `unknown` until whoever handles the event has checked it.
 */
export type Message = readonly [
  joinRef: string | null,
  ref: string | null,
  topic: string,
  event: string,
  payload: unknown,
];

/** What a WebSocket is closed with, by cause. The browser reconnects after each of them. */
export const CloseCode = {
  /** The socket's session was ended (`live.disconnect`), or the connection was silent for too long. */
  goingAway: 1001,
  /** A frame that is no JSON message, or not text. */
  unsupportedData: 1003,
  /** A limit was passed: the rate, or what waits for a view. */
  policyViolation: 1008,
  /** A frame above the size limit. */
  messageTooBig: 1009,
  /** The server is being restarted. */
  serviceRestart: 1012,
} as const;

/** One of {@link CloseCode}'s values. */
export type CloseCode = (typeof CloseCode)[keyof typeof CloseCode];

/**
 * A peer that does not keep to the protocol. It never reaches application code: the transport closes
 * the connection with `closeCode`, and the browser's client rejoins.
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
 * Reads one text frame.
 *
 * @param parse how JSON is parsed; the server passes a parser that drops `__proto__` and its kin.
 * @throws ProtocolError `LIVE_ERR_BAD_FRAME` when the text is not a five-element message.
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

/** Writes one text frame. */
export function encodeMessage(message: Message): string {
  return JSON.stringify(message);
}
