import type { FlashMessages } from "@live-session/components/protocol";
import { LiveError } from "../live-error.js";
import { type MaybePromise, then } from "../maybe-promise.js";
import { type AsyncOutcome, AsyncResult } from "../socket/async-result.js";
import { type AttachedHooks, attachHook, detachHook, noHooks } from "../socket/attached-hooks.js";
import type { StageCallback } from "../socket/contexts.js";
import type { Receiver } from "../socket/info-handler.js";
import type { RedirectStatus, RedirectTarget } from "../socket/navigation.js";
import type { PushEventOptions } from "../socket/pushed-event.js";
import type {
  BroadcastOptions,
  ComponentOf,
  LiveView,
  SendOptions,
  Socket,
  SubscribeOptions,
} from "../socket/socket.js";
import { assertStage, type HookInfo, type Stage } from "../socket/stage.js";
import type { Topic } from "../socket/topic.js";
import type { MessageSource, Tracker, Tracking } from "../socket/tracker.js";

type Task = (signal: AbortSignal) => MaybePromise<unknown>;

/** The operations that a component needs from the socket of its view. */
export interface ComponentOwner extends Socket {
  subscribe(
    topic: string | Topic | MessageSource,
    options?: SubscribeOptions,
    receive?: Receiver,
  ): () => void;
  send(message: unknown, options?: SendOptions, receive?: Receiver): void;
  readonly host: {
    changed(): void;
    startTask(key: string, run: Task, done: (outcome: AsyncOutcome) => MaybePromise<void>): void;
  };
}

/** The members of a component that its socket needs. */
export interface SocketComponent {
  readonly id: string;
  /** The component and its id, unique within the view. */
  readonly name: string;
  /** The component, its id and its view, for errors. */
  readonly label: string;
  /** Receives the messages of the component; `undefined` if the view does. */
  readonly handleInfo: Receiver | undefined;
  /** Called after a change of assigns. */
  changed(): void;
  handleAsync(key: string, outcome: AsyncOutcome): MaybePromise<void>;
  keep(names: readonly string[]): void;
  provide(names: readonly string[]): void;
  /** Returns the value of a kept assign that the browser has sent. */
  returned(): Readonly<Record<string, unknown>>;
}

type Assigns = Readonly<Record<string, unknown>> & { readonly flash: FlashMessages };

/** The stages whose hooks a component can have. The others belong to the whole view. */
const stages: readonly Stage[] = ["handleEvent", "handleAsync", "afterRender"];

/**
 * The socket of a component. Its assigns, hooks and tasks are those of the component; everything else is that of the view.
 */
export class ComponentSocket implements Socket {
  hooks: AttachedHooks = noHooks;
  /** The keys assigned since the last render. */
  changed = new Set<string>();
  readonly #owner: ComponentOwner;
  readonly #component: SocketComponent;
  /** Created when it is needed, because most components do not use it. */
  #end: AbortController | undefined;
  /** Whether the component is no longer rendered. */
  hasEnded = false;
  /** End the subscriptions and presences of the component. */
  #releases: (() => void)[] = [];
  #assigns: Assigns;

  constructor(owner: ComponentOwner, component: SocketComponent) {
    this.#owner = owner;
    this.#component = component;
    this.#assigns = { flash: owner.assigns.flash };
  }

  get id(): string {
    return this.#component.id;
  }

  get assigns(): Assigns {
    const { flash } = this.#owner.assigns;
    if (this.#assigns.flash !== flash) this.#assigns = { ...this.#assigns, flash };
    return this.#assigns;
  }

  /** Shows other assigns, without counting them as changed. */
  set assigns(assigns: Assigns) {
    this.#assigns = assigns;
  }

  get view(): LiveView {
    return this.#owner.view;
  }

  get liveAction(): string | null {
    return this.#owner.liveAction;
  }

  get connected(): boolean {
    return this.#owner.connected && !this.hasEnded;
  }

  get signal(): AbortSignal {
    return AbortSignal.any([this.#owner.signal, this.#endSignal]);
  }

  get url(): string {
    return this.#owner.url;
  }

  get connectParams(): Readonly<Record<string, unknown>> | null {
    return this.#owner.connectParams;
  }

  get staticChanged(): boolean {
    return this.#owner.staticChanged;
  }

  get pageTitle(): string | undefined {
    return this.#owner.pageTitle;
  }

  set pageTitle(title: string | undefined) {
    this.#owner.pageTitle = title;
  }

  get lifecycle(): readonly HookInfo[] {
    return Object.values(this.hooks).flatMap((hooks) =>
      hooks.map(({ id, stage }): HookInfo => ({ id, stage })),
    );
  }

  get #endSignal(): AbortSignal {
    this.#end ??= new AbortController();
    if (this.hasEnded) this.#end.abort();
    return this.#end.signal;
  }

  assign(changes: Readonly<Record<string, unknown>>): void {
    const { assigns } = this;
    const keys = Object.keys(changes).filter(
      (key) => !Object.is(assigns[key], changes[key]) || !Object.hasOwn(assigns, key),
    );
    if (keys.length === 0 || this.hasEnded) return;
    this.#assigns = { ...assigns, ...changes };
    for (const key of keys) this.changed.add(key);
    this.#component.changed();
  }

  async assignNew<Value>(key: string, make: () => MaybePromise<Value>): Promise<Value> {
    if (!Object.hasOwn(this.assigns, key)) {
      const kept = this.#component.returned();
      this.assign({ [key]: Object.hasOwn(kept, key) ? kept[key] : await make() });
    }
    return this.assigns[key] as Value;
  }

  keep(...keys: readonly string[]): void {
    this.#component.keep(keys);
  }

  provide(...keys: readonly string[]): void {
    this.#component.provide(keys);
  }

  putFlash(kind: string, message: string): void {
    this.#owner.putFlash(kind, message);
  }

  clearFlash(kind?: string): void {
    this.#owner.clearFlash(kind);
  }

  pushEvent(
    name: string,
    payload?: Readonly<Record<string, unknown>>,
    options?: PushEventOptions,
  ): void {
    this.#owner.pushEvent(name, payload, options);
  }

  pushPatch(to: string, options?: { readonly replace?: boolean }): void {
    this.#owner.pushPatch(to, options);
  }

  pushNavigate(to: string, options?: { readonly replace?: boolean }): void {
    this.#owner.pushNavigate(to, options);
  }

  redirect(to: RedirectTarget, options?: { readonly status?: RedirectStatus }): void {
    this.#owner.redirect(to, options);
  }

  subscribe(topic: string | Topic | MessageSource, options?: SubscribeOptions): () => void {
    const unsubscribe = this.#owner.subscribe(topic, options, this.#receive());
    this.#releases.push(unsubscribe);
    return unsubscribe;
  }

  track<Meta>(tracker: Tracker<Meta>, topic: string, key: string, meta: Meta): Tracking<Meta> {
    const tracking = this.#owner.track(tracker, topic, key, meta);
    this.#releases.push(() => tracking.end());
    return tracking;
  }

  broadcast<Sent = unknown>(
    topic: string | Topic<Sent>,
    message: NoInfer<Sent>,
    options?: BroadcastOptions,
  ): void {
    this.#owner.broadcast(topic, message, options);
  }

  send(message: unknown, options?: SendOptions): void {
    this.#owner.send(message, options, this.#receive());
  }

  sendUpdate<Props extends object>(
    component: ComponentOf<Props>,
    id: string | number,
    props: Partial<Props>,
  ): void {
    this.#owner.sendUpdate(component, id, props);
  }

  startAsync(key: string, run: Task): void {
    this.#startTask(key, run, (outcome) => this.#component.handleAsync(key, outcome));
  }

  assignAsync(key: string, run: Task): void {
    const current = () => {
      const value = this.assigns[key];
      return value instanceof AsyncResult ? value : new AsyncResult();
    };
    this.assign({ [key]: current().toLoading() });
    this.#startTask(`assign:${key}`, run, (outcome) =>
      this.assign({ [key]: current().toOutcome(outcome) }),
    );
  }

  attachHook<S extends Stage, HookAssigns extends object = object>(
    id: string,
    stage: S,
    callback: StageCallback<S, HookAssigns>,
  ): void {
    this.#assertStage(stage);
    this.hooks = attachHook(this.hooks, id, stage, callback);
  }

  detachHook(id: string, stage: Stage): void {
    this.#assertStage(stage);
    this.hooks = detachHook(this.hooks, id, stage);
  }

  /** Ends the component: its tasks are aborted, its subscriptions and presences end, and changes have no effect. */
  end(): void {
    this.hasEnded = true;
    this.#end?.abort();
    for (const release of this.#releases) release();
    this.#releases = [];
  }

  #receive(): Receiver | undefined {
    const { handleInfo } = this.#component;
    return (
      handleInfo &&
      ((message, topic, id) => (this.hasEnded ? undefined : handleInfo(message, topic, id)))
    );
  }

  #startTask(key: string, run: Task, done: (outcome: AsyncOutcome) => MaybePromise<void>): void {
    const start: Task = (signal) => run(AbortSignal.any([signal, this.#endSignal]));
    this.#owner.host.startTask(`${this.#component.name}:${key}`, start, (outcome) =>
      then(this.hasEnded ? undefined : done(outcome), () => {}),
    );
  }

  #assertStage(stage: Stage): void {
    assertStage(stage, "attachHook");
    if (stages.includes(stage)) return;
    throw new LiveError("LIVE_ERR_HOOK_STAGE", `hook of ${this.#component.label} is invalid`, {
      expected: `one of the stages ${stages.join(", ")}; attach others in the view`,
      gotText: stage,
    });
  }
}
