import type { KeptState } from "@live-session/components/protocol";
import { defaultMaxAge, type Keep } from "../../live/declarations/keep.js";
import type { Route } from "../../live/declarations/route.js";
import { LiveError } from "../../live/live-error.js";
import { type KeptValues, nothingKept } from "../../live/socket/kept-assigns.js";
import type { Sealer } from "./sealer.js";

/** The longest sealed string, in characters. */
const maxLength = 16 * 1024;

/** The version of the sealed format. A value of another version is dropped. */
const version = 1;

/** The view and the visitor that kept assigns belong to. Values of others are dropped. */
export interface KeptPlace {
  readonly view: string;
  readonly liveSession: string;
  readonly topic: string;
  /** Identifies the visitor's HTTP session. */
  readonly visitor: string;
  /** The option `keep` of the view. Without it, only components of the view may keep assigns. */
  readonly keep: Keep | undefined;
}

/** Returns where the kept assigns of a joined view belong. */
export function keptPlaceOf(
  { liveSession, view }: Route,
  { topic, visitor }: Pick<KeptPlace, "topic" | "visitor">,
): KeptPlace {
  return { topic, visitor, liveSession: liveSession.name, view: view.name, keep: view.keep };
}

/**
 * Seals kept assigns for the browser.
 *
 * @throws LiveError `LIVE_ERR_KEEP` when they are too large
 */
export function sealKept(sealer: Sealer, values: KeptValues, place: KeptPlace): KeptState {
  const { view, liveSession, topic, visitor, keep } = place;
  const claims = [version, Date.now(), liveSession, visitor, topic, view];
  const { reloadedView, reloadedSession } = values;
  const reloaded = reloadedView || reloadedSession ? [reloadedView, reloadedSession] : [];
  const sealed = sealer.seal([...claims, values.view, values.session, ...reloaded]);
  const reload = keep?.reload || reloaded.length > 0;
  if (sealed.length <= maxLength) return { sealed, ...(reload && { reload }) };
  const [name, bytes] = largestOf(values);
  throw new LiveError("LIVE_ERR_KEEP", `the kept assigns of ${view} are too large`, {
    expected: `at most ${maxLength} characters, sealed`,
    gotText: `${sealed.length} characters; the largest assign is "${name}" with ${bytes}`,
  });
}

/**
 * Opens kept assigns that a browser has sent. Values of another visitor or live session are dropped, and so are values
 * that are too old. Those of another view or page are also dropped, unless they survive navigations or reloads.
 *
 * @param isNavigation whether the user has just come from another page of the live session
 */
export function openKept(
  sealer: Sealer,
  sealed: unknown,
  { view, liveSession, topic, visitor, keep }: KeptPlace,
  isNavigation: boolean,
): KeptValues | undefined {
  if (typeof sealed !== "string" || sealed.length > maxLength) return undefined;
  const data = sealer.open(sealed);
  if (!Array.isArray(data) || data[0] !== version) return undefined;
  const [, time, ofSession, ofVisitor, ofTopic, ofView, viewValues, sessionValues] = data;
  const [reloadedView, reloadedSession] = data.slice(8);
  if (ofSession !== liveSession || ofVisitor !== visitor) return undefined;
  const age = Date.now() - time;
  const isSamePage = ofTopic === topic;
  const isFresh = age <= (keep?.maxAge ?? defaultMaxAge) && (isSamePage || keep?.reload === true);
  const isOfView = !isNavigation && ofView === view;
  const ofHooks = age <= defaultMaxAge;
  return {
    view: isOfView && isFresh ? viewValues : nothingKept.view,
    session: isSamePage && ofHooks ? sessionValues : nothingKept.session,
    ...(reloadedView && isOfView && ofHooks && { reloadedView }),
    ...(reloadedSession && ofHooks && { reloadedSession }),
  };
}

function largestOf(values: KeptValues): [name: string, characters: number] {
  const all: Record<string, unknown> = Object.assign({}, ...Object.values(values));
  const sizes = Object.entries(all).map(([name, value]): [string, number] => [
    name,
    JSON.stringify(value).length,
  ]);
  return sizes.reduce((largest, each) => (each[1] > largest[1] ? each : largest));
}
