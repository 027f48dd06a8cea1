import type { FlashMessages } from "@live-session/components/protocol";
import { LiveError } from "../../live/live-error.js";
import { toFlash } from "../../live/socket/flash.js";
import type { Signer } from "../session/signer.js";

/** The version of the token's format. A token of another version counts as stale. */
const version = 1;

/** The signed claims that a page sends with its join. */
export interface JoinToken {
  /** The id of the view. */
  readonly id: string;
  /** The name of the live session that the page belongs to. */
  readonly liveSession: string;
  /** The path pattern of the page's route. */
  readonly route: string;
  /** The extra session data of the live session. */
  readonly session: Readonly<Record<string, unknown>>;
  /** The messages that the page shows. */
  readonly flash: FlashMessages;
  /** The digest of the static files that the page has loaded; empty when they are not tracked. */
  readonly statics: string;
  /** Whether a page that this server did not render has fetched the token. */
  readonly dropIn: boolean;
  /** Identifies the HTTP session that the token was issued for; empty for any session. */
  readonly sessionKey: string;
  /** The W3C trace context of the page, if it was traced. */
  readonly traceparent?: string | undefined;
  /** The id of the view that contains the view, if one does. */
  readonly parent?: string | undefined;
}

/**
 * Returns the maximum length of a signed token. A join is one frame, so the token leaves an eighth of the frame for the
 * URL and the other parameters.
 */
export const maxTokenLength = (frameBytes: number): number => Math.floor((frameBytes * 7) / 8);

/**
 * Signs a join token.
 *
 * @throws LiveError `LIVE_ERR_SESSION_DATA` when the token is too long to be accepted
 */
export function signJoinToken(signer: Signer, joinToken: JoinToken): string {
  const { id, liveSession, route, session, flash, dropIn, statics, sessionKey } = joinToken;
  const data: unknown[] = [version, id, liveSession, route, session, flash, dropIn, statics];
  data.push(sessionKey);
  const { traceparent, parent } = joinToken;
  if (traceparent !== undefined || parent !== undefined) data.push(traceparent ?? null);
  if (parent !== undefined) data.push(parent);
  const token = signer.sign("join", data);
  if (token.length <= signer.maxLength) return token;
  throw new LiveError(
    "LIVE_ERR_SESSION_DATA",
    `the join token of the live session "${liveSession}" is too long`,
    {
      expected: `at most ${signer.maxLength} bytes, session data and flash included; "limits.frameBytes" sets the limit`,
      gotText: `${token.length} bytes`,
    },
  );
}

/** Verifies a signed token. Returns `undefined` when it is forged, expired, or of another version. */
export function verifyJoinToken(
  signer: Signer,
  token: unknown,
  lifetime: number,
): JoinToken | undefined {
  const data = signer.verify("join", token, lifetime);
  if (!Array.isArray(data) || data[0] !== version) return undefined;
  const [, id, liveSession, route, session, flash, dropIn, statics, sessionKey] = data;
  const [traceparent, parent] = data.slice(9);
  return {
    id,
    liveSession,
    route,
    session,
    flash: toFlash(flash),
    dropIn: dropIn === true,
    statics,
    sessionKey: sessionKey ?? "",
    ...(typeof traceparent === "string" && { traceparent }),
    ...(typeof parent === "string" && { parent }),
  };
}
