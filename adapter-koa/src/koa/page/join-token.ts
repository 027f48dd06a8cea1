import type { FlashMessages } from "@live-session/components/protocol";
import { LiveError } from "../../live/live-error.js";
import { toFlash } from "../../live/socket/flash.js";
import type { Signer } from "../session/signer.js";

/** The form of the hand-over; one of another version counts as stale. */
const version = 1;

/** What a page hands over to its connected mount. */
export interface JoinToken {
  /** The view's id. */
  readonly id: string;
  /** The name of the live session the page belongs to. */
  readonly liveSession: string;
  /** The path pattern of the page's route. */
  readonly route: string;
  /** The live session's extra session data. */
  readonly session: Readonly<Record<string, unknown>>;
  /** The messages that the page shows. */
  readonly flash: FlashMessages;
  /** The digest of the static files that the page has loaded; empty when they are not tracked. */
  readonly statics: string;
  /** It was fetched by a page that this server did not render. */
  readonly dropIn: boolean;
}

/** How long a hand-over may be: its join is one frame, with room left for the URL and what else a join says. */
export const maxTokenLength = (frameBytes: number): number => Math.floor((frameBytes * 7) / 8);

/**
 * Signs a hand-over into a token for the page.
 *
 * @throws LiveError `LIVE_ERR_SESSION_DATA` when it is too long to be accepted
 */
export function signJoinToken(signer: Signer, joinToken: JoinToken): string {
  const { id, liveSession, route, session, flash, dropIn, statics } = joinToken;
  const data = [version, id, liveSession, route, session, flash, dropIn, statics];
  const token = signer.sign("join", data);
  if (token.length <= signer.maxLength) return token;
  throw new LiveError(
    "LIVE_ERR_SESSION_DATA",
    `the hand-over of the live session "${liveSession}" is too long`,
    {
      expected: `at most ${signer.maxLength} bytes with session data and flash; limits.frameBytes decides`,
      gotText: `${token.length} bytes`,
    },
  );
}

/** The hand-over of a token; `undefined` when it is forged, expired, or of another version. */
export function verifyJoinToken(
  signer: Signer,
  token: unknown,
  lifetime: number,
): JoinToken | undefined {
  const data = signer.verify("join", token, lifetime);
  if (!Array.isArray(data) || data[0] !== version) return undefined;
  const [, id, liveSession, route, session, flash, dropIn, statics] = data;
  return {
    id,
    liveSession,
    route,
    session,
    flash: toFlash(flash),
    dropIn: dropIn === true,
    statics,
  };
}
