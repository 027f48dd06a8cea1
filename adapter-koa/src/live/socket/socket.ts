import type { FlashMessages } from "@live-session/components/protocol";
import type { LiveView } from "../declarations/live-view.js";
import { LiveError } from "../live-error.js";
import type { MaybePromise } from "../maybe-promise.js";
import type { SocketState } from "../runtime/socket-state.js";
import { AsyncResult } from "./async-result.js";
import {
  type AsyncOutcome,
  assertStage,
  type HookInfo,
  type Stage,
  type StageCallback,
} from "./hook.js";
import {
  type Navigation,
  navigate,
  patch,
  type RedirectStatus,
  type RedirectTarget,
  redirect,
} from "./navigation.js";
import type { PushEventOptions } from "./pushed-event.js";

/** What an assign may be: anything, if the socket's type does not know it. */
type AssignOf<Assigns, Key> = Key extends keyof Assigns ? Assigns[Key] : unknown;

let stateOfSocket: (socket: Socket) => SocketState;

/**
 * A live view's socket: its assigns, and everything it can do. Hooks and callbacks get it; it lives as
 * long as the mounted view. On the disconnected mount what needs a connection does nothing.
 */
export class Socket<Assigns extends object = object> {
  readonly #state: SocketState;

  static {
    stateOfSocket = (socket) => socket.#state;
  }

  constructor(state: SocketState) {
    this.#state = state;
  }

  /** The view's id, that of its `<live-session>` element. */
  get id(): string {
    return this.#state.id;
  }

  /** The mounted view. */
  get view(): LiveView {
    return this.#state.view;
  }

  /** The action of the current route, or `null` when it names none. */
  get liveAction(): string | null {
    return this.#state.liveAction;
  }

  /** Whether this is the connected mount. */
  get connected(): boolean {
    return this.#state.connected;
  }

  /** The absolute URL of the page. */
  get url(): string {
    return this.#state.url;
  }

  /** The view's data. A new object after each assign; private unless rendered or provided. */
  get assigns(): Readonly<Assigns> & { readonly flash: FlashMessages } {
    this.#state.assignsRead = true;
    return this.#state.assigns as Readonly<Assigns> & { readonly flash: FlashMessages };
  }

  /** The hooks of the mount, then the attached ones, stage by stage: for pages and logs that show them. */
  get lifecycle(): readonly HookInfo[] {
    return this.#state.hookInfo();
  }

  /**
   * What the browser's client sent along with the join; `null` on the disconnected mount.
   *
   * @throws LiveError `LIVE_ERR_MOUNT_ONLY` once the view is mounted: keep what you need in an assign
   */
  get connectParams(): Readonly<Record<string, unknown>> | null {
    this.#assertMounting("connectParams");
    return this.#state.connectParams;
  }

  /**
   * Whether the page has loaded scripts or styles that are out of date, by the `statics` of `createLive`:
   * it was loaded before a deployment, and only a page load brings the new ones. `false` on the
   * disconnected mount.
   *
   * @throws LiveError `LIVE_ERR_MOUNT_ONLY` once the view is mounted: keep what you need in an assign
   */
  get staticChanged(): boolean {
    this.#assertMounting("staticChanged");
    return this.#state.staticChanged;
  }

  /** The page's title; the browser is told when it changed. Markup shows as text. */
  get pageTitle(): string | undefined {
    return this.#state.title;
  }

  set pageTitle(title: string | undefined) {
    if (title !== undefined && typeof title !== "string") {
      throw new LiveError("LIVE_ERR_PAYLOAD", "invalid pageTitle", {
        expected: "a text",
        got: title,
      });
    }
    this.#state.title = title;
  }

  /**
   * Sets assigns; a key whose value is the same as before is not a change.
   *
   * @throws LiveError `LIVE_ERR_RESERVED_ASSIGN` for the library's own names
   */
  assign(changes: Partial<Assigns>): void {
    this.#state.assign(changes as Record<string, unknown>);
  }

  /**
   * Assigns what `make` returns unless the key is assigned already. On the disconnected mount a value
   * of that name in the request's `ctx.state` is taken instead, so HTTP middleware and hooks share one
   * look-up.
   *
   * @returns the assigned value
   */
  async assignNew<Value extends AssignOf<Assigns, Key>, Key extends string = string>(
    key: Key,
    make: () => MaybePromise<Value>,
  ): Promise<Value> {
    const state = this.#state;
    if (!Object.hasOwn(state.assigns, key)) {
      state.assign({ [key]: Object.hasOwn(state.shared, key) ? state.shared[key] : await make() });
    }
    return state.assigns[key] as Value;
  }

  /**
   * Mirrors assigns to the elements of the page, as JSON, through the mount-data context. What is not
   * named here and not rendered never leaves the server.
   */
  provide(...keys: readonly string[]): void {
    this.#state.provide(keys);
  }

  /**
   * Shows a message on this page, or on the next one if the same callback navigates. One message per kind.
   * It goes when the page is patched, too.
   */
  putFlash(kind: string, message: string): void {
    this.#state.putFlash(kind, message);
  }

  /** Takes the message of a kind away, or all messages. */
  clearFlash(kind?: string): void {
    this.#state.clearFlash(kind);
  }

  /** Sends a named event to the browser, which dispatches it when it shows the changes of the same callback. */
  pushEvent(
    name: string,
    payload: Readonly<Record<string, unknown>> = {},
    options?: PushEventOptions,
  ): void {
    this.#state.pushEvent(name, payload, options);
  }

  /**
   * Changes the URL and params of this view; `handleParams` runs with the new ones.
   *
   * @throws LiveError `LIVE_ERR_PATCH` while mounting, `LIVE_ERR_NAVIGATION` when the target is not
   *   local or the socket is already prepared to go elsewhere
   */
  pushPatch(to: string, options?: { readonly replace?: boolean }): void {
    this.#go(patch(to, options));
  }

  /** Goes to another view of the live session over the same connection, or by a page load. */
  pushNavigate(to: string, options?: { readonly replace?: boolean }): void {
    this.#go(navigate(to, options));
  }

  /** Loads another page in full. */
  redirect(to: RedirectTarget, options?: { readonly status?: RedirectStatus }): void {
    this.#go(redirect(to, options));
  }

  /**
   * Subscribes to a topic on the connected mount; messages reach `handleInfo`. The subscription ends
   * with the view.
   *
   * @returns ends this subscription earlier
   */
  subscribe(topic: string): () => void {
    return this.#state.host.subscribe(topic);
  }

  /**
   * Sends a message to all other views that subscribed to a topic, in every process; this one does not get
   * it. `live.broadcast` sends to all. On the disconnected mount nothing is sent: the connected one follows.
   */
  broadcast(topic: string, message: unknown): void {
    this.#state.host.broadcast(topic, message);
  }

  /** Sends a message to this view; it is handled after what is being handled now. */
  send(message: unknown): void {
    this.#state.host.send(message);
  }

  /**
   * Runs a task beside the view; its outcome reaches `handleAsync` with this key. A newer task of the
   * same key makes an older one's outcome void. On the disconnected mount nothing runs.
   */
  startAsync(key: string, run: () => MaybePromise<unknown>): void {
    this.#state.host.startTask(key, run, undefined);
  }

  /**
   * Runs a task beside the view and keeps its outcome in the assign of this key, as an
   * {@link AsyncResult}: loading at first, on both mounts.
   */
  assignAsync(key: keyof Assigns & string, run: () => MaybePromise<unknown>): void {
    const state = this.#state;
    const current = () => {
      const value = state.assigns[key];
      return value instanceof AsyncResult ? value : new AsyncResult();
    };
    state.assign({ [key]: current().toLoading() });
    state.host.startTask(`assign:${key}`, run, (outcome: AsyncOutcome) => {
      state.assign({ [key]: current().toOutcome(outcome) });
    });
  }

  /**
   * Attaches a hook to a stage. It runs after the hooks attached before it and before the view's own
   * callback; `halt()` skips what follows.
   *
   * @throws LiveError `LIVE_ERR_HOOK_STAGE`, `LIVE_ERR_HOOK_ID` when the id stands on that stage
   *   already, `LIVE_ERR_HOOK_FUNCTION`
   */
  attachHook<S extends Stage, HookAssigns extends object = Assigns>(
    id: string,
    stage: S,
    callback: StageCallback<S, HookAssigns>,
  ): void {
    assertStage(stage, "attachHook");
    this.#state.attachHook(id, stage, callback as (context: never) => unknown);
  }

  /** Detaches a hook by id and stage. One that is not attached is no error. */
  detachHook(id: string, stage: Stage): void {
    assertStage(stage, "detachHook");
    this.#state.detachHook(id, stage);
  }

  #go(navigation: Navigation): void {
    this.#state.go(navigation);
  }

  #assertMounting(name: string): void {
    if (this.#state.mounting) return;
    throw new LiveError("LIVE_ERR_MOUNT_ONLY", `${name} can only be read while mounting`, {
      expected: "to be read in an onMount hook or in mount; assign what later callbacks need",
    });
  }
}

/** A socket's inner state, for the layers that drive it. Not part of the package's API. */
export const stateOf = (socket: Socket): SocketState => stateOfSocket(socket);
