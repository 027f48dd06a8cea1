import type { Diff } from "./diff.js";
import type { PatchOperation } from "./json-patch.js";
import type { Templates, WireValue } from "./tree.js";

/** Flash messages by kind, for example `{ info: "Saved." }`. */
export type FlashMessages = Readonly<Record<string, string>>;

/** A named event that the server pushes to the browser, with its JSON payload, for after its update or before. */
export type PushedEvent = readonly [name: string, payload: unknown, dispatch?: "before"];

/** The payload of `phx_join`. */
export interface JoinPayload {
  /** The signed hand-over of the page. */
  readonly token: string;
  /** The absolute URL to mount; the current one on a rejoin. */
  readonly url: string;
  /** Present on a live navigation: the URL navigated to. Takes the place of `url`. */
  readonly redirect?: string | undefined;
  /** The signed flash that a navigation brought along. */
  readonly flash?: string | undefined;
  /** Connect params: the client's own (`_`-prefixed, {@link ConnectParams}) and the page's. */
  readonly params?: Readonly<Record<string, unknown>>;
}

/** The connect params that the client itself sends. */
export interface ConnectParams {
  /** The CSRF token of the page; also a parameter of the handshake's URL. */
  readonly _csrf_token?: string;
  /** Successful joins of this view before this one; 0 after each navigation. */
  readonly _mounts: number;
  /** Tries since the last successful join. */
  readonly _attempts: number;
  /** Live navigations this page has made; the view's content is keyed by it. */
  readonly _navigations: number;
}

/** The response to a join that went well. */
export interface JoinReply {
  /** The version of the server's `@live-session/components`. */
  readonly version: string;
  /** Bytes that the payload of a frame may have; without it the browser sends what it will. */
  readonly maxPayload?: number;
  readonly rendered: WireValue;
  readonly templates?: Templates;
  readonly provided: Readonly<Record<string, unknown>>;
  readonly title?: string;
  readonly flash: FlashMessages;
  /** Events pushed while mounting. */
  readonly events?: readonly PushedEvent[];
  /** The URL that `handleParams` patched to, if it did. */
  readonly patch?: NavigationTarget;
}

/** Where a server-side navigation leads. */
export interface NavigationTarget {
  readonly to: string;
  readonly kind: "push" | "replace";
  /** Signed flash for the next page. */
  readonly flash?: string;
}

/** Where a full page load leads. */
export interface RedirectTarget {
  readonly to: string;
  /** Signed flash for the next page. */
  readonly flash?: string | undefined;
}

/**
 * The response to a join that was refused.
 *
 * `stale`: the hand-over is forged, expired or not of this page, or the view threw an error with a status of 400
 * to 499, which the page will answer with; so load the page anew.
 * `unauthorized`: the URL is no route of the page's live session, so load it in full.
 * `redirect`, `live_redirect`: a hook, mount or `handleParams` leads elsewhere.
 * `crashed`: the view threw; it may be tried again.
 * The other reasons: the connection is misused.
 */
export type JoinRefusal =
  | {
      readonly reason:
        | "stale"
        | "unauthorized"
        | "crashed"
        | "unmatched topic"
        | "too many channels joined";
    }
  | ({ readonly reason: "redirect" } & RedirectTarget & Pick<Update, "events">)
  | ({ readonly reason: "live_redirect" } & NavigationTarget & Pick<Update, "events">);

/** The payload of `event`. */
export interface EventPayload {
  /** `form` values are URL-encoded text, every other type's are JSON objects. */
  readonly type: string;
  readonly event: string;
  readonly value: unknown;
}

/** What changed on the page: the payload of `diff`, and part of the reply to `event` and `live_patch`. */
export interface Update {
  readonly diff?: Diff;
  readonly templates?: Templates;
  readonly provided?: readonly PatchOperation[];
  readonly title?: string;
  readonly events?: readonly PushedEvent[];
}

/** The response to `event` and `live_patch`. At most one of the three navigations is present. */
export interface EventReply extends Update {
  /** The handler's answer, from `reply({ … })`. */
  readonly reply?: unknown;
  readonly live_patch?: NavigationTarget;
  readonly live_redirect?: NavigationTarget;
  readonly redirect?: RedirectTarget;
}
