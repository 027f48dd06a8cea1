import type { FlashMessages, PushedEvent } from "@live-session/components/protocol";
import { Components, type ComponentsMark } from "../components/components.js";
import { assertKept } from "../declarations/keep.js";
import type { DeclaredView } from "../declarations/live-view.js";
import type { AnyOnMount } from "../declarations/on-mount.js";
import { assertProvided } from "../declarations/provided-data.js";
import type { Route } from "../declarations/route.js";
import { LiveError, quote } from "../live-error.js";
import type { MaybePromise } from "../maybe-promise.js";
import type { NestedViews } from "../nested/nested-views.js";
import { type AsyncOutcome, AsyncResult } from "../socket/async-result.js";
import {
  type AttachedHooks,
  attachHook,
  detachHook,
  type HookSocket,
  noHooks,
} from "../socket/attached-hooks.js";
import type { StageCallback } from "../socket/contexts.js";
import { clearFlash, isSameFlash, putFlash } from "../socket/flash.js";
import type { Receiver } from "../socket/info-handler.js";
import { type KeepScope, KeptAssigns, type KeptValues } from "../socket/kept-assigns.js";
import { assertLayout, type Layout } from "../socket/layout.js";
import {
  type Navigation,
  navigate,
  patch,
  type RedirectStatus,
  type RedirectTarget,
  redirect,
} from "../socket/navigation.js";
import type { OnMountOptions } from "../socket/outcome.js";
import { type PushEventOptions, toPushedEvent } from "../socket/pushed-event.js";
import { assertNotReserved, isReserved } from "../socket/reserved-assigns.js";
import type {
  BroadcastOptions,
  ComponentOf,
  SendOptions,
  Socket,
  SubscribeOptions,
} from "../socket/socket.js";
import { assertStage, type HookInfo, type Stage } from "../socket/stage.js";
import { checkSent, type Topic, toTopicName } from "../socket/topic.js";
import {
  type MessageSource,
  noTracking,
  type Tracker,
  type Tracking,
  Trackings,
} from "../socket/tracker.js";
import { type UnmountCallback, Unmounts } from "../socket/unmount.js";
import type { UploadState } from "../upload-state.js";
import { type UploadHost, type UploadOwner, ViewUploads } from "../uploads/view-uploads.js";
import { handleComponentAsync } from "./lifecycle.js";
import type { TopicOptions } from "./messages.js";
import type { EndedTask, Task } from "./tasks.js";

/** The operations that a socket needs from the channel that runs its view. */
export interface SocketHost {
  subscribe(topic: string | MessageSource, options?: TopicOptions): () => void;
  broadcast(topic: string, message: unknown, options?: BroadcastOptions): void;
  /** @param receive the hook that receives the message; `undefined` for the view */
  send(message: unknown, options?: SendOptions, receive?: Receiver): void;
  /** @param done receives the outcome instead of the view's `handleAsync` */
  startTask(key: string, run: Task, done: EndedTask["done"]): void;
  /** The number of messages that wait behind the current one. */
  readonly waiting: number;
  /** Is called after a change. If no callback is running, the change must be sent soon. */
  changed(): void;
  /** Creates the list of nested views of a connected view. */
  createNested(): NestedViews;
}

/** The host of a disconnected mount, where nothing outlives the request. */
export const disconnectedHost: SocketHost = {
  subscribe: () => () => {},
  broadcast: () => {},
  send: () => {},
  startTask: () => {},
  waiting: 0,
  changed: () => {},
  createNested: () => {
    throw new Error("a disconnected view has no channels of nested views");
  },
};

/** The initial state of a socket. */
export interface SocketInput {
  readonly id: string;
  readonly route: Route;
  readonly url: string;
  /** The prefix at which the visitor sees the app. */
  readonly base?: string;
  readonly csrfToken: string;
  readonly flash: FlashMessages;
  /** `null` on the disconnected mount. */
  readonly connectParams: Readonly<Record<string, unknown>> | null;
  /** Whether the page has loaded static files that are out of date. */
  readonly staticChanged?: boolean;
  /** The kept assigns that the browser has sent. */
  readonly kept?: KeptValues | undefined;
  readonly host: SocketHost;
  /** The storage for the files of uploads. */
  readonly uploadHost?: UploadHost;
  /** The request's `ctx.state` on the disconnected mount. */
  readonly shared?: Readonly<Record<string, unknown>> | undefined;
  /** Whether a join may adopt the disconnected view later. */
  readonly awaitsJoin?: boolean;
  /** Whether another view contains the view. */
  readonly isNested?: boolean;
}

/** The state of a socket at some time during a batch of messages. */
export interface SocketMark
  extends Pick<ViewSocket, "assigns" | "changed" | "provided" | "pageTitle" | "route" | "url"> {
  /** The number of events that had been pushed. */
  readonly events: number;
  readonly components: ComponentsMark | undefined;
}

type Assigns = Readonly<Record<string, unknown>> & { readonly flash: FlashMessages };

const optionNames = new Set(["layout", "temporaryAssigns", "provide"]);

const noChanges: ReadonlySet<string> = new Set();

const emptyShared: Readonly<Record<string, unknown>> = Object.freeze({});

/**
 * The socket of a mounted view. Hooks and callbacks use it as a {@link Socket}; the lifecycle, the renderer and
 * the channel use the other members too.
 */
export class ViewSocket implements Socket, UploadOwner {
  readonly id: string;
  readonly base: string;
  readonly csrfToken: string;
  /** Whether another view contains the view, which has no URL and no layout then. */
  readonly isNested: boolean;
  connected: boolean;
  route: Route;
  url: string;
  /** The view's data together with the library's own assigns, as `render` receives it. */
  assigns: Assigns;
  host: SocketHost;
  hooks: AttachedHooks = noHooks;
  hookSockets: readonly HookSocket[] | undefined;
  /** The layout that a hook or `mount` chose; `undefined` if none did. */
  layout: Layout | false | undefined;
  /** The names of the provided assigns. */
  provided: readonly string[] = [];
  #changed: Set<string> | undefined;
  /** The values that temporary assigns are reset to. */
  temporary: Readonly<Record<string, unknown>> | undefined;
  /** The navigation that the current callback has requested. */
  navigation: Navigation | undefined;
  /** The id of the `afterRender` hook that has requested the navigation, if one has. */
  navigatedBy: string | undefined;
  /** The pushed events that have not been sent yet. */
  events: PushedEvent[] = [];
  /**
   * The messages that a navigation carries to the next page: during the mount the messages of the last page,
   * later those of the current callback. The user has already read all others.
   */
  freshFlash: FlashMessages;
  /** The W3C trace context of the page or of its mount, if it is traced. */
  traceparent: string | undefined;
  /** The uploads of the view; `undefined` if it declares none. */
  readonly uploads: ViewUploads | undefined;
  /** The components that the view shows; `undefined` until it shows the first one. */
  components: Components | undefined;
  /** The views inside the connected view; `undefined` until it shows the first one. */
  nested: NestedViews | undefined;
  /** The assigns that the browser keeps; `undefined` if there are none. */
  kept: KeptAssigns | undefined;
  /** The scope of the assigns that `keep` names next. */
  keepScope: KeepScope = "view";
  /** The callbacks `unmount` of the view and its hooks; `undefined` if there are none. */
  unmounts: Unmounts | undefined;
  /** The temporary assigns as they were at the last render. */
  #rendered: Readonly<Record<string, unknown>> | undefined;
  #title: string | undefined;
  #mounting = true;
  /** Whether the stage `connected` is running. */
  #connecting = false;
  #awaitsJoin: boolean;
  #connectParams: Readonly<Record<string, unknown>> | null;
  readonly #staticChanged: boolean;
  #shared: Readonly<Record<string, unknown>>;
  /** Created when it is needed, because most views do not use it. */
  #end: AbortController | undefined;
  #hasEnded = false;
  #trackings: Trackings | undefined;

  constructor(input: SocketInput) {
    this.id = input.id;
    this.base = input.base ?? "";
    this.route = input.route;
    this.url = input.url;
    this.csrfToken = input.csrfToken;
    this.isNested = input.isNested ?? false;
    this.connected = input.connectParams !== null;
    this.host = input.host;
    this.freshFlash = input.flash;
    if (input.kept) this.kept = new KeptAssigns(input.kept);
    this.#connectParams = input.connectParams;
    this.#awaitsJoin = input.awaitsJoin ?? false;
    this.#staticChanged = input.staticChanged ?? false;
    this.#shared = input.shared ?? emptyShared;
    this.assigns = {
      flash: input.flash,
      liveAction: input.route.liveAction,
      csrfToken: input.csrfToken,
    };
    const { uploads } = this.view.definition;
    if (!uploads || !input.uploadHost) return;
    this.uploads = new ViewUploads(uploads, this, input.uploadHost);
    this.assigns = { ...this.assigns, uploads: this.uploads.states };
  }

  /** The keys assigned since the last render. */
  get changed(): ReadonlySet<string> {
    return this.#changed ?? noChanges;
  }

  #change(key: string): void {
    this.#changed ??= new Set();
    this.#changed.add(key);
  }

  get signal(): AbortSignal {
    this.#end ??= new AbortController();
    if (this.#hasEnded) this.#end.abort();
    return this.#end.signal;
  }

  /** Whether the mount is complete. */
  get isMounted(): boolean {
    return !this.#mounting;
  }

  get view(): DeclaredView {
    return this.route.view;
  }

  get liveAction(): string | null {
    return this.route.liveAction;
  }

  get lifecycle(): readonly HookInfo[] {
    return [
      ...this.onMount.map(({ id }): HookInfo => ({ id, stage: "mount" })),
      ...Object.values(this.hooks).flatMap((hooks) =>
        hooks.map(({ id, stage }): HookInfo => ({ id, stage })),
      ),
    ];
  }

  get connectParams(): Readonly<Record<string, unknown>> | null {
    this.#assertMounting("connectParams");
    return this.#connectParams;
  }

  get staticChanged(): boolean {
    this.#assertMounting("staticChanged");
    return this.#staticChanged;
  }

  get pageTitle(): string | undefined {
    return this.#title;
  }

  set pageTitle(title: string | undefined) {
    if (title !== undefined && typeof title !== "string") {
      throw new LiveError("LIVE_ERR_PAYLOAD", "pageTitle is invalid", {
        expected: "a string",
        got: title,
      });
    }
    this.#title = title;
    this.host.changed();
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
      this.#change(key);
    }
    if (!next) return;
    this.assigns = next as Assigns;
    this.host.changed();
  }

  async assignNew<Value>(key: string, make: () => MaybePromise<Value>): Promise<Value> {
    if (!Object.hasOwn(this.assigns, key)) {
      const shared = this.#shared;
      if (this.kept?.has(key)) this.assign({ [key]: this.kept.get(key) });
      else this.assign({ [key]: Object.hasOwn(shared, key) ? shared[key] : await make() });
    }
    return this.assigns[key] as Value;
  }

  keep(...keys: readonly string[]): void {
    assertKept(keys, "keep");
    this.keepAll(keys, this.keepScope);
  }

  /** Keeps a list of assigns in a scope. */
  keepAll(keys: readonly string[], scope: KeepScope): void {
    this.kept ??= new KeptAssigns();
    this.kept.add(keys, scope);
  }

  provide(...keys: readonly string[]): void {
    this.provideAll(keys);
  }

  /** Provides a list of assigns. @throws LiveError `LIVE_ERR_PROVIDE` when `keys` is not a list of names */
  provideAll(keys: readonly string[]): void {
    assertProvided(keys, "provide");
    for (const key of keys) {
      if (this.provided.includes(key)) continue;
      this.provided = this.provided.concat(key); // unlike a spread, it reserves no room for more
      this.#change(key);
    }
    this.host.changed();
  }

  /**
   * Checks the names of the provided assigns after a mount that does not navigate, so that a mistake already fails the
   * first GET.
   *
   * @throws LiveError `LIVE_ERR_PROVIDE` when there is no assign of a provided name
   */
  assertProvided(): void {
    if (this.navigation) return;
    for (const key of this.provided) this.assertAssigned(key);
  }

  /** @throws LiveError `LIVE_ERR_PROVIDE` when there is no assign of a provided name */
  assertAssigned(key: string): void {
    if (Object.hasOwn(this.assigns, key)) return;
    const names = Object.keys(this.assigns).filter((name) => !isReserved(name));
    throw new LiveError(
      "LIVE_ERR_PROVIDE",
      `${this.view.name} provides an assign that is not set`,
      {
        expected: `one of ${names.join(", ") || "no assigns"}; a name without a value must be undefined or null`,
        gotText: quote(key),
      },
    );
  }

  putFlash(kind: string, message: string): void {
    this.freshFlash = putFlash(this.freshFlash, kind, message);
    this.showFlash(putFlash(this.assigns.flash, kind, message));
  }

  clearFlash(kind?: string): void {
    this.freshFlash = clearFlash(this.freshFlash, kind);
    this.showFlash(clearFlash(this.assigns.flash, kind));
  }

  /** Replaces the displayed messages. */
  showFlash(flash: FlashMessages): void {
    if (isSameFlash(flash, this.assigns.flash)) return;
    this.assigns = { ...this.assigns, flash };
    this.#change("flash");
    this.host.changed();
  }

  showUploads(uploads: Readonly<Record<string, UploadState>>): void {
    this.assigns = { ...this.assigns, uploads };
    this.#change("uploads");
    this.host.changed();
  }

  runLater(key: string, run: () => MaybePromise<void>): void {
    this.host.startTask(key, () => undefined, run);
  }

  pushEvent(
    name: string,
    payload: Readonly<Record<string, unknown>> = {},
    options?: PushEventOptions,
  ): void {
    const event = toPushedEvent(name, payload, options);
    if (!this.connected && !this.#awaitsJoin) return;
    this.events.push(event);
    this.host.changed();
  }

  pushPatch(to: string, options?: { readonly replace?: boolean }): void {
    this.requestNavigation(patch(to, options));
  }

  pushNavigate(to: string, options?: { readonly replace?: boolean }): void {
    this.requestNavigation(navigate(to, options));
  }

  redirect(to: RedirectTarget, options?: { readonly status?: RedirectStatus }): void {
    this.requestNavigation(redirect(to, options));
  }

  /** @param receive the hook that receives the messages; `undefined` for the view */
  subscribe(
    source: string | Topic | MessageSource,
    { after, resume = false }: SubscribeOptions = {},
    receive?: Receiver,
  ): () => void {
    const topic = toSource(source);
    if (!resume || typeof topic !== "string") return this.host.subscribe(topic, { after, receive });
    const scope = this.keepScope;
    this.kept ??= new KeptAssigns();
    const { kept } = this;
    const unsubscribe = this.host.subscribe(topic, {
      after: kept.returnedPosition(topic) ?? after,
      receive,
      sender: kept.sender,
      onHandled: (id) => kept.moveTo(topic, id, scope),
    });
    return () => {
      kept.forget(topic, scope);
      unsubscribe();
    };
  }

  track<Meta>(tracker: Tracker<Meta>, topic: string, key: string, meta: Meta): Tracking<Meta> {
    if (!this.connected && !this.#awaitsJoin) return noTracking;
    this.#trackings ??= new Trackings();
    const tracking = this.#trackings.add(tracker, topic, key, meta);
    if (this.connected) this.#trackings.start();
    return tracking;
  }

  broadcast(topic: string | Topic, message: unknown, options?: BroadcastOptions): void {
    this.host.broadcast(checkSent(topic, message), message, options);
  }

  /** @param receive the hook that receives the message; `undefined` for the view */
  send(message: unknown, options?: SendOptions, receive?: Receiver): void {
    checkSendOptions(options);
    this.host.send(message, options, receive);
  }

  sendUpdate<Props extends object>(
    component: ComponentOf<Props>,
    id: string | number,
    props: Partial<Props>,
  ): void {
    this.host.send(undefined, {}, () => this.components?.update(component, String(id), props));
  }

  useComponents(): Components {
    this.components ??= new Components(this, this.kept?.components ?? {}, handleComponentAsync);
    return this.components;
  }

  useNested(): NestedViews {
    this.nested ??= this.host.createNested();
    return this.nested;
  }

  /** @param done receives the outcome instead of the view's `handleAsync` */
  startAsync(key: string, run: Task, done?: EndedTask["done"]): void {
    this.host.startTask(key, run, done);
  }

  assignAsync(key: string, run: Task): void {
    const current = () => {
      const value = this.assigns[key];
      return value instanceof AsyncResult ? value : new AsyncResult();
    };
    this.assign({ [key]: current().toLoading() });
    this.host.startTask(`assign:${key}`, run, (outcome: AsyncOutcome) => {
      this.assign({ [key]: current().toOutcome(outcome) });
    });
  }

  attachHook<S extends Stage, HookAssigns extends object = object>(
    id: string,
    stage: S,
    callback: StageCallback<S, HookAssigns>,
  ): void {
    assertStage(stage, "attachHook");
    this.hooks = attachHook(this.hooks, id, stage, callback);
  }

  detachHook(id: string, stage: Stage): void {
    assertStage(stage, "detachHook");
    this.hooks = detachHook(this.hooks, id, stage);
  }

  /**
   * Stores the navigation that a callback requests.
   *
   * @throws LiveError `LIVE_ERR_PATCH` for a patch while mounting or of a nested view, `LIVE_ERR_NAVIGATION` for a second navigation
   */
  requestNavigation(navigation: Navigation): void {
    if (navigation.type === "patch" && this.isNested) {
      throw new LiveError("LIVE_ERR_PATCH", `${this.view.name} is nested and requested a patch`, {
        expected: "pushNavigate or redirect, because a nested view has no URL",
      });
    }
    if (navigation.type === "patch" && this.#mounting) {
      throw new LiveError("LIVE_ERR_PATCH", `${this.view.name} requested a patch while mounting`, {
        expected: "pushNavigate or redirect, or pushPatch in handleParams or later",
      });
    }
    if (this.navigation) {
      const { type } = this.navigation;
      throw new LiveError("LIVE_ERR_NAVIGATION", `socket already navigates with ${type}`, {
        expected: "one redirect, navigate or patch in a callback",
      });
    }
    this.navigation = navigation;
    this.host.changed();
  }

  /** Removes and returns the navigation that the last callback requested. */
  takeNavigation(): Navigation | undefined {
    const navigation = this.navigation;
    this.navigation = undefined;
    this.navigatedBy = undefined;
    return navigation;
  }

  /** Removes and returns the pushed events, or `undefined` if there are none. */
  takeEvents(): readonly PushedEvent[] | undefined {
    if (this.events.length === 0) return undefined;
    const { events } = this;
    this.events = [];
    return events;
  }

  /** Changes the route and the URL of the mounted view. */
  patchTo(route: Route, url: string): void {
    this.route = route;
    this.url = url;
    this.assigns = { ...this.assigns, liveAction: route.liveAction };
    this.#change("liveAction");
  }

  /**
   * Applies the options that a hook or `mount` returned. A later layout replaces an earlier one; temporary
   * assigns accumulate.
   *
   * @throws LiveError `LIVE_ERR_CALLBACK_RETURN`, `LIVE_ERR_PROVIDE`, `LIVE_ERR_LAYOUT`, `LIVE_ERR_RESERVED_ASSIGN`
   */
  applyOptions(options: OnMountOptions, owner: string): void {
    const unknown = Object.keys(options).find((key) => !optionNames.has(key));
    if (unknown !== undefined) {
      throw new LiveError("LIVE_ERR_CALLBACK_RETURN", `option returned from ${owner} is unknown`, {
        expected: [...optionNames].join(", "),
        gotText: quote(unknown),
      });
    }
    const { layout, temporaryAssigns, provide } = options;
    if (provide) this.provideAll(provide);
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

  /** Prepares a render: a temporary assign that was rendered keeps that value until it is assigned again. */
  beginRender(): void {
    if (!this.#rendered) return;
    const kept = Object.entries(this.#rendered).filter(([key]) => !this.changed.has(key));
    this.assigns = { ...this.assigns, ...Object.fromEntries(kept) };
  }

  /** Completes a render: resets temporary assigns and the changed keys. */
  endRender(): void {
    if (this.temporary) {
      this.#rendered = Object.fromEntries(
        Object.keys(this.temporary).map((key) => [key, this.assigns[key]]),
      );
      this.assigns = { ...this.assigns, ...this.temporary };
    }
    // The hooks of afterRender receive the set, so it must not change.
    this.#changed = undefined;
  }

  /** Adds a callback `unmount`, which runs when the connected view has ended. */
  onUnmount(callback: UnmountCallback): void {
    this.unmounts ??= new Unmounts();
    this.unmounts.add(callback);
  }

  /** Completes the mount and releases the data that only the mount may use. */
  mounted(): void {
    this.#mounting = false;
    this.#connectParams = null;
    this.#shared = emptyShared;
  }

  /** Begins the stage `connected`, in which the connect params can be read. */
  beginConnected(connectParams: Readonly<Record<string, unknown>> | null): void {
    this.connected = true;
    this.#awaitsJoin = false;
    this.#connecting = true;
    this.#connectParams = connectParams;
    this.#trackings?.start();
  }

  /** Ends the stage `connected`. */
  endConnected(): void {
    this.#connecting = false;
    this.#connectParams = null;
  }

  /** Marks the view as left: aborts the signal, and operations that need a connection do nothing. */
  disconnect(): void {
    this.connected = false;
    this.#awaitsJoin = false;
    this.#hasEnded = true;
    this.#trackings?.end();
    this.#end?.abort();
  }

  /** Returns what the socket shows now, for {@link showMark}. */
  mark(): SocketMark {
    const { assigns, provided, pageTitle, route, url } = this;
    const changed = new Set(this.changed);
    const [events, components] = [this.events.length, this.components?.mark()];
    return { assigns, changed, provided, pageTitle, route, url, events, components };
  }

  /**
   * Calls a function that renders while the socket shows what it showed at a mark. The changes since then remain for the
   * next render.
   */
  showMark<Result>(mark: SocketMark, render: () => Result): Result {
    const { events, ...now } = { ...this.mark(), events: this.events };
    this.#show(mark, mark.changed, events.slice(0, mark.events));
    const { components } = this;
    const rendered =
      components && mark.components ? components.showMark(mark.components, render) : render();
    const later = Object.entries(now.assigns).filter(
      ([key, value]) => !Object.is(value, mark.assigns[key]) || !Object.hasOwn(mark.assigns, key),
    );
    const provided = now.provided.slice(mark.provided.length);
    const changed = new Set([...later.map(([key]) => key), ...provided]);
    const assigns = { ...this.assigns, ...Object.fromEntries(later) };
    this.#show({ ...now, assigns }, changed, events.slice(mark.events));
    return rendered;
  }

  #show(
    {
      assigns,
      provided,
      pageTitle,
      route,
      url,
    }: Omit<SocketMark, "changed" | "events" | "components">,
    changed: ReadonlySet<string>,
    events: PushedEvent[],
  ): void {
    Object.assign(this, { assigns, provided, route, url, events });
    this.#changed = new Set(changed);
    this.#title = pageTitle;
  }

  #assertMounting(name: string): void {
    if (this.#mounting || this.#connecting) return;
    throw new LiveError("LIVE_ERR_MOUNT_ONLY", `${name} is available only while mounting`, {
      expected:
        "to be read in an onMount hook, in mount or in connected; assign what later callbacks need",
    });
  }
}

/** Returns what the channel subscribes to: the name of a topic, or another source of messages. */
const toSource = (topic: string | Topic | MessageSource): string | MessageSource =>
  typeof topic === "object" && "subscribe" in topic ? topic : toTopicName(topic);

/** The longest delay of a timer in Node, in milliseconds. A longer one would end at once. */
const maxDelay = 2 ** 31 - 1;

function checkSendOptions(options: SendOptions | undefined): void {
  if (options === undefined) return;
  const { after = 0, ...others } = options;
  const [unknown] = Object.keys(others);
  if (unknown === undefined && typeof after === "number" && after >= 0 && after <= maxDelay) return;
  throw new LiveError("LIVE_ERR_OPTION", "options of socket.send are invalid", {
    expected: `{ after } with a number of milliseconds from 0 to ${maxDelay}`,
    gotText: unknown === undefined ? quote(after) : quote(unknown),
  });
}
