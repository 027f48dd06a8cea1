import type { Diff } from "./diff.js";
import type { PatchOperation } from "./json-patch.js";
import type { Templates, WireValue } from "./tree.js";

/** Flash messages by kind, for example `{ info: "Saved." }`. */
export type FlashMessages = Readonly<Record<string, string>>;

/**
 * An event that the server pushes to the browser. It is dispatched after the update, or before it if the third element
 * is `"before"`.
 */
export type PushedEvent = readonly [name: string, payload: unknown, dispatch?: "before"];

/** The payload of `phx_join`. */
export interface JoinPayload {
  /** The signed join token of the page. */
  readonly token: string;
  /** The absolute URL to mount; in a rejoin the current URL. */
  readonly url: string;
  /** The URL of a live navigation. It replaces `url`. */
  readonly redirect?: string | undefined;
  /** The signed flash of a navigation. */
  readonly flash?: string | undefined;
  /** The kept assigns of the last reply or update. */
  readonly kept?: string | undefined;
  /** The connect params: those of the client, with the prefix `_` ({@link ConnectParams}), and those of the page. */
  readonly params?: Readonly<Record<string, unknown>>;
  /** Whether the client accepts large frames in parts, on this connection. */
  readonly parts?: boolean;
  /** Whether the client can continue the connection on another carrier. The server then pushes a {@link ResumeSecret}. */
  readonly resume?: boolean;
}

/** The payload of the push `resume` on the topic `phoenix`. */
export interface ResumeSecret {
  /** Continues the connection once. The next secret is in the reply. */
  readonly secret: string;
  /** How long the server keeps the views without a carrier, in milliseconds. */
  readonly ms: number;
}

/** The payload of the frame `resume`, the first one of a new carrier. It is not counted, and its reply is not either. */
export interface ResumeRequest {
  readonly secret: string;
  /** The number of frames that the client has received on this connection. */
  readonly received: number;
}

/** The reply to a {@link ResumeRequest}. */
export interface ResumeReply extends ResumeSecret {
  /** The number of frames that the server has received on this connection. */
  readonly received: number;
}

/** Kept assigns, which the browser stores for its next join. It cannot read them. */
export interface KeptState {
  readonly sealed: string;
  /** Whether they also survive a reload of the page. */
  readonly reload?: true;
}

/** The connect params that the client adds. */
export interface ConnectParams {
  /** The CSRF token of the page. The handshake's URL contains it too. */
  readonly _csrf_token?: string;
  /** The number of successful joins of this view before this one; 0 after each live navigation. */
  readonly _mounts: number;
  /** The number of attempts since the last successful join. */
  readonly _attempts: number;
  /** The number of live navigations of this page, which is the key of the view's content. */
  readonly _navigations: number;
}

/** The response to a successful join. */
export interface JoinReply {
  /** The version of the server's `@live-session/components`. */
  readonly version: string;
  /** The maximum size of a frame's payload in bytes; without it the browser does not check the size. */
  readonly maxPayload?: number;
  readonly rendered: WireValue;
  readonly templates?: Templates;
  readonly provided: Readonly<Record<string, unknown>>;
  readonly title?: string;
  readonly flash: FlashMessages;
  /** Events that the view pushed while mounting. */
  readonly events?: readonly PushedEvent[];
  /** The kept assigns; without them, the browser forgets those that it has. */
  readonly kept?: KeptState;
  /** The URL that `handleParams` has patched to. */
  readonly patch?: NavigationTarget;
}

/** The target of a navigation that the server starts. */
export interface NavigationTarget {
  readonly to: string;
  readonly kind: "push" | "replace";
  /** Signed flash for the next page. */
  readonly flash?: string;
}

/** The target of a full page load. */
export interface RedirectTarget {
  readonly to: string;
  /** Signed flash for the next page. */
  readonly flash?: string | undefined;
}

/**
 * The response to a refused join.
 *
 * `stale`: the join token is forged, expired or belongs to another page, or the view threw an error with a status from
 * 400 to 499. The browser reloads the page, which responds with that status. `unauthorized`: the URL is not a route of
 * the page's live session. The browser loads it in full. `redirect`, `live_redirect`: a hook, mount or `handleParams`
 * redirects. `crashed`: the view threw. The browser can try again. `busy`: too many joins arrive at once. The browser
 * tries again after a second. All other reasons: the client does not follow the protocol.
 */
export type JoinRefusal =
  | {
      readonly reason:
        | "stale"
        | "unauthorized"
        | "crashed"
        | "busy"
        | "unmatched topic"
        | "too many channels joined";
    }
  | ({ readonly reason: "redirect" } & RedirectTarget & Pick<Update, "events">)
  | ({ readonly reason: "live_redirect" } & NavigationTarget & Pick<Update, "events">);

/** The payload of `event`. */
export interface EventPayload {
  /** The values of `form` events are URL-encoded strings; the values of all other types are JSON objects. */
  readonly type: string;
  readonly event: string;
  readonly value: unknown;
}

/** Changes of the page: the payload of `diff`, and part of the replies to `event` and `live_patch`. */
export interface Update {
  readonly diff?: Diff;
  readonly templates?: Templates;
  readonly provided?: readonly PatchOperation[];
  readonly title?: string;
  readonly events?: readonly PushedEvent[];
  /** The kept assigns, if they have changed. */
  readonly kept?: KeptState;
}

/** The response to `event` and `live_patch`. It contains at most one of the three navigations. */
export interface EventReply extends Update {
  /** The argument of the handler's `reply({ … })`. */
  readonly reply?: unknown;
  readonly live_patch?: NavigationTarget;
  readonly live_redirect?: NavigationTarget;
  readonly redirect?: RedirectTarget;
}
