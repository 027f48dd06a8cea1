import type { FlashMessages, PushedEvent } from "@live-session/components/protocol";
import { assertLayout, type Layout } from "../declarations/layout.js";
import type { LiveView } from "../declarations/live-view.js";
import type { AnyOnMount } from "../declarations/on-mount.js";
import { assertProvided } from "../declarations/provided-data.js";
import type { Route } from "../declarations/route.js";
import { LiveError, quote } from "../live-error.js";
import type { MaybePromise } from "../maybe-promise.js";
import { type AttachedHooks, attachHook, detachHook, noHooks } from "../socket/attached-hooks.js";
import { clearFlash, isSameFlash, noFlash, putFlash } from "../socket/flash.js";
import type { AsyncOutcome, HookInfo, OnMountOptions, Stage } from "../socket/hook.js";
import type { Navigation } from "../socket/navigation.js";
import { type PushEventOptions, toPushedEvent } from "../socket/pushed-event.js";
import { assertNotReserved } from "../socket/reserved-assigns.js";

/** What a socket needs of whatever runs its view: a channel, or nothing on a disconnected mount. */
export interface SocketHost {
  subscribe(topic: string): () => void;
  broadcast(topic: string, message: unknown): void;
  send(message: unknown): void;
  /** @param done takes the outcome in place of `handleAsync` */
  startTask(
    key: string,
    run: () => MaybePromise<unknown>,
    done: ((outcome: AsyncOutcome) => void) | undefined,
  ): void;
}

/** The host of a disconnected mount: nothing outlives the request. */
export const disconnectedHost: SocketHost = {
  subscribe: () => () => {},
  broadcast: () => {},
  send: () => {},
  startTask: () => {},
};

/** What a socket starts from. */
export interface SocketInput {
  readonly id: string;
  readonly route: Route;
  readonly url: string;
  readonly csrfToken: string;
  readonly flash: FlashMessages;
  /** `null` on the disconnected mount. */
  readonly connectParams: Readonly<Record<string, unknown>> | null;
  /** Whether the page has loaded static files that are out of date. */
  readonly staticChanged?: boolean;
  readonly host: SocketHost;
  /** The request's `ctx.state` on the disconnected mount. */
  readonly shared?: Readonly<Record<string, unknown>>;
}

const optionNames = new Set(["layout", "temporaryAssigns", "provide"]);

const nothingShared: Readonly<Record<string, unknown>> = Object.freeze({});

/** The inner state of a socket: what the lifecycle and the channel read and the public face hides. */
export class SocketState {
  readonly id: string;
  readonly csrfToken: string;
  readonly connected: boolean;
  readonly staticChanged: boolean;
  route: Route;
  url: string;
  /** The view's data together with the library's own, just as `render` gets it. */
  assigns: Readonly<Record<string, unknown>>;
  /** Whether somebody read the assigns from the socket; a template that does is tracked by nobody. */
  assignsRead = false;
  /**
   * The messages that a navigation takes along: those that came with the mount, later those that the
   * callback under way has put. Others have been read by then.
   */
  freshFlash: FlashMessages;
  /** Keys assigned since the last render. */
  changed = new Set<string>();
  temporary: Readonly<Record<string, unknown>> | undefined;
  /** What the temporary assigns were at the last render. */
  shown: Readonly<Record<string, unknown>> | undefined;
  provided: readonly string[] = [];
  navigation: Navigation | undefined;
  layout: Layout | false | undefined;
  title: string | undefined;
  events: PushedEvent[] = [];
  mounting = true;
  connectParams: Readonly<Record<string, unknown>> | null;
  shared: Readonly<Record<string, unknown>>;
  host: SocketHost;
  hooks: AttachedHooks = noHooks;

  constructor(input: SocketInput) {
    this.id = input.id;
    this.route = input.route;
    this.url = input.url;
    this.csrfToken = input.csrfToken;
    this.connected = input.connectParams !== null;
    this.connectParams = input.connectParams;
    this.staticChanged = input.staticChanged ?? false;
    this.host = input.host;
    this.shared = input.shared ?? nothingShared;
    this.freshFlash = input.flash;
    this.assigns = {
      flash: input.flash,
      liveAction: input.route.liveAction,
      csrfToken: input.csrfToken,
      content: undefined,
    };
  }

  get view(): LiveView {
    return this.route.view;
  }

  get liveAction(): string | null {
    return this.route.liveAction;
  }

  /** Takes the route that a patch leads to. */
  patchTo(route: Route, url: string): void {
    this.route = route;
    this.url = url;
    this.assigns = { ...this.assigns, liveAction: route.liveAction };
    this.changed.add("liveAction");
  }

  /** The live session's on-mount hooks, then the view's own. */
  get onMount(): readonly AnyOnMount[] {
    const { liveSession, view } = this.route;
    return view.onMount.length === 0
      ? liveSession.onMount
      : [...liveSession.onMount, ...view.onMount];
  }

  assign(changes: Readonly<Record<string, unknown>>): void {
    let next: Record<string, unknown> | undefined;
    for (const key of Object.keys(changes)) {
      assertNotReserved(key);
      const value = changes[key];
      if (Object.is(this.assigns[key], value) && Object.hasOwn(this.assigns, key)) continue;
      next ??= { ...this.assigns };
      next[key] = value;
      this.changed.add(key);
    }
    if (next) this.assigns = next;
  }

  putFlash(kind: string, message: string): void {
    this.freshFlash = putFlash(this.freshFlash, kind, message);
    this.showFlash(putFlash(this.flash, kind, message));
  }

  /** Takes the message of a kind away, or all messages. */
  clearFlash(kind?: string): void {
    this.freshFlash = clearFlash(this.freshFlash, kind);
    this.showFlash(clearFlash(this.flash, kind));
  }

  /** Shows these messages and no others. */
  showFlash(flash: FlashMessages): void {
    if (isSameFlash(flash, this.flash)) return;
    this.assigns = { ...this.assigns, flash };
    this.changed.add("flash");
  }

  /** Lends the layout the view's content for one call; a copy of all assigns would cost more than the layout. */
  withContent<Result>(content: unknown, layout: () => Result): Result {
    const assigns = this.assigns as { content: unknown };
    assigns.content = content;
    try {
      return layout();
    } finally {
      assigns.content = undefined;
    }
  }

  /** The messages to show; none when there never were any. */
  get flash(): FlashMessages {
    return (this.assigns.flash as FlashMessages | undefined) ?? noFlash;
  }

  provide(keys: readonly string[]): void {
    assertProvided(keys, "provide");
    for (const key of keys) {
      if (this.provided.includes(key)) continue;
      this.provided = [...this.provided, key];
      this.changed.add(key);
    }
  }

  pushEvent(name: string, payload: unknown, options?: PushEventOptions): void {
    const event = toPushedEvent(name, payload, options);
    if (this.connected) this.events.push(event);
  }

  /** Takes the pushed events that wait, if any do. */
  takeEvents(): readonly PushedEvent[] | undefined {
    if (this.events.length === 0) return undefined;
    const { events } = this;
    this.events = [];
    return events;
  }

  go(navigation: Navigation): void {
    if (navigation.type === "patch" && this.mounting) {
      throw new LiveError(
        "LIVE_ERR_PATCH",
        `${this.view.name} attempted to live patch while mounting`,
        {
          expected: "pushNavigate or redirect, or pushPatch from handleParams or later",
        },
      );
    }
    if (this.navigation) {
      const { type } = this.navigation;
      throw new LiveError(
        "LIVE_ERR_NAVIGATION",
        `socket already prepared to redirect with ${type}`,
        {
          expected: "one redirect, navigate or patch in a callback",
        },
      );
    }
    this.navigation = navigation;
  }

  /** Takes the navigation that the last callback asked for. */
  takeNavigation(): Navigation | undefined {
    const navigation = this.navigation;
    this.navigation = undefined;
    return navigation;
  }

  attachHook(id: unknown, stage: Stage, run: unknown): void {
    this.hooks = attachHook(this.hooks, id, stage, run);
  }

  detachHook(id: string, stage: Stage): void {
    this.hooks = detachHook(this.hooks, id, stage);
  }

  hookInfo(): readonly HookInfo[] {
    return [
      ...this.onMount.map(({ id }): HookInfo => ({ id, stage: "mount" })),
      ...Object.values(this.hooks).flatMap((hooks) =>
        hooks.map(({ id, stage }): HookInfo => ({ id, stage })),
      ),
    ];
  }

  /** Takes the options that a hook or `mount` returned; later layouts win, temporary assigns add up. */
  takeOptions(options: OnMountOptions, owner: string): void {
    for (const key of Object.keys(options)) {
      if (!optionNames.has(key)) {
        throw new LiveError("LIVE_ERR_CALLBACK_RETURN", `invalid option returned from ${owner}`, {
          expected: [...optionNames].join(", "),
          gotText: quote(key),
        });
      }
    }
    const { layout, temporaryAssigns, provide } = options;
    if (provide) this.provide(provide);
    assertLayout(layout, `layout returned from ${owner}`);
    if (layout !== undefined) this.layout = layout;
    if (!temporaryAssigns) return;
    for (const key of Object.keys(temporaryAssigns)) assertNotReserved(key);
    this.temporary = { ...this.temporary, ...temporaryAssigns };
    const unset = Object.entries(temporaryAssigns).filter(
      ([key]) => !Object.hasOwn(this.assigns, key),
    );
    this.assign(Object.fromEntries(unset));
  }

  /** Opens a render: what a temporary assign has shown stays on the page until it is assigned anew. */
  rendering(): void {
    if (!this.shown) return;
    const kept = Object.entries(this.shown).filter(([key]) => !this.changed.has(key));
    this.assigns = { ...this.assigns, ...Object.fromEntries(kept) };
  }

  /** Closes a render: temporary assigns go back to their values and nothing counts as changed. */
  rendered(): void {
    if (this.temporary) {
      this.shown = Object.fromEntries(
        Object.keys(this.temporary).map((key) => [key, this.assigns[key]]),
      );
      this.assigns = { ...this.assigns, ...this.temporary };
    }
    if (this.changed.size === 0) return;
    if (this.hooks.afterRender.length === 0) this.changed.clear();
    else this.changed = new Set();
  }

  /** Ends the mount: what only it may use is let go. */
  mounted(): void {
    this.mounting = false;
    this.connectParams = null;
    this.shared = nothingShared;
  }
}
