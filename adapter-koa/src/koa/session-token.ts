import type { FlashMessages } from "@live-session/components/protocol";
import { toFlash } from "../live/flash.js";
import type { Signer } from "./signer.js";

/** The form of the hand-over; one of another version counts as stale. */
const version = 1;

/** What a page hands over to its connected mount. */
export interface HandOver {
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

/** Signs a hand-over into a token for the page. */
export function signHandOver(signer: Signer, handOver: HandOver): string {
  const { id, liveSession, route, session, flash, dropIn, statics } = handOver;
  return signer.sign("hand-over", [version, id, liveSession, route, session, flash, dropIn, statics]);
}

/** The hand-over of a token; `undefined` when it is forged, expired, or of another version. */
export function verifyHandOver(signer: Signer, token: unknown, lifetime: number): HandOver | undefined {
  const data = signer.verify("hand-over", token, lifetime);
  if (!Array.isArray(data) || data[0] !== version) return undefined;
  const [, id, liveSession, route, session, flash, dropIn, statics] = data;
  return { id, liveSession, route, session, flash: toFlash(flash), dropIn: dropIn === true, statics };
}
