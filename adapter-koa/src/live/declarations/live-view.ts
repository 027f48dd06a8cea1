import type { TemplateResult } from "lit";
import { LiveError } from "../live-error.js";
import type { MaybePromise } from "../maybe-promise.js";
import type { MountOptions, StageContexts } from "../socket/hook.js";
import type { Socket } from "../socket/socket.js";
import type { EventHandlers } from "./event.js";
import { assertLayout, type Layout, type RenderAssigns } from "./layout.js";
import type { EventsOf } from "./live-events.js";
import { type AnyOnMount, type MountContext, type OwnHook, toOnMountList } from "./on-mount.js";
import { type AssignNames, assertProvided, type NamedAssigns } from "./provided-data.js";

/** The callbacks of a live view. Only `render` is needed. */
export interface LiveViewDefinition<
  Needs extends object,
  Own extends object,
  Handlers extends EventHandlers<Needs & Own> = EventHandlers<Needs & Own>,
  Names extends AssignNames<Needs & Own> = AssignNames<Needs & Own>,
> {
  /** Runs after the on-mount hooks, on the disconnected and on the connected mount. */
  // biome-ignore lint/suspicious/noConfusingVoidType: most mounts return nothing
  mount?(context: MountContext<Needs & Own>): MaybePromise<MountOptions | void>;
  /** Runs after `mount` and on every patch. */
  handleParams?(context: StageContexts<Needs & Own>["handleParams"]): MaybePromise<void>;
  /** Handlers by event name. An event that no hook halts and that is not in here crashes the view. */
  readonly handleEvent?: Handlers & EventHandlers<Needs & Own>;
  /** Messages: from `socket.send`, and from topics the socket subscribed to. */
  handleInfo?(context: StageContexts<Needs & Own>["handleInfo"]): MaybePromise<void>;
  /** Outcomes of `socket.startAsync`. Without it, what a task throws ends the view. */
  handleAsync?(context: StageContexts<Needs & Own>["handleAsync"]): MaybePromise<void>;
  /** The assigns that are mirrored to the page's elements, as with `socket.provide`, and told to `MountData`. */
  readonly provide?: Names;
  /** The view's own hooks; they run after the live session's. */
  readonly onMount?:
    | OwnHook<NoInfer<Needs & Own>>
    | readonly OwnHook<NoInfer<Needs & Own>>[]
    | readonly []; // makes a tuple of a list, each hook of which is looked at by itself
  /** The layout where the live session names none; `false` for no layout. */
  readonly layout?: Layout | false;
  /**
   * The page from the assigns. It is a pure function: what it reads elsewhere is not tracked. A row of a
   * `repeat` is rendered again when its item is another object or another assign that is read has
   * changed; one that looks at the list around it takes the index too, and is rendered each time.
   */
  render(
    assigns: Readonly<Needs & Own> & RenderAssigns,
    socket: Socket<Needs & Own>,
  ): TemplateResult;
}

/**
 * A declared live view. The type parameters exist for the compiler alone; `Events` and `Data` are
 * `unknown` where it was not told.
 */
export interface LiveView<
  Needs extends object = object,
  Own extends object = object,
  Events = unknown,
  Data = unknown,
> {
  readonly name: string;
  readonly definition: LiveViewDefinition<object, object>;
  readonly onMount: readonly AnyOnMount[];
  needs?(assigns: Needs): void;
  owns?(assigns: Own): void;
  readonly events?: Events;
  readonly data?: Data;
}

/** Declares a live view whose needs and assigns are named, and whose events and data are inferred. */
export type DeclareLiveView<Needs extends object, Own extends object> = <
  Handlers extends EventHandlers<Needs & Own> = Record<never, never>,
  const Names extends AssignNames<Needs & Own> = readonly [],
>(
  name: string,
  definition: LiveViewDefinition<Needs, Own, Handlers, Names>,
) => LiveView<Needs, Own, EventsOf<Handlers>, NamedAssigns<Needs & Own, Names>>;

/**
 * Declares a live view.
 *
 * The first type parameter is what the view *needs* from its live session's hooks, the second what it
 * assigns itself; `.live()` refuses to route the view where the hooks do not provide what it needs.
 *
 * `liveView<Needs, Own>()("CounterLive", { … })` declares the same view and lets the compiler see its
 * events and provided data, for `LiveEvents<typeof counterLive>` and `MountData<typeof counterLive>`.
 *
 * @example
 * export const counterLive = liveView<{}, { count: number }>("CounterLive", {
 *   mount({ socket }) {
 *     socket.assign({ count: 0 });
 *   },
 *   handleEvent: {
 *     inc({ socket }) {
 *       socket.assign({ count: socket.assigns.count + 1 });
 *     },
 *   },
 *   render: ({ count }) => html`<button live-click="inc">${count}</button>`,
 * });
 *
 * @throws LiveError `LIVE_ERR_VIEW` when name or a callback is missing or of the wrong type,
 *   `LIVE_ERR_ON_MOUNT`, `LIVE_ERR_LAYOUT`, `LIVE_ERR_PROVIDE`
 */
export function liveView<
  Needs extends object = Record<never, never>,
  Own extends object = Record<never, never>,
>(): DeclareLiveView<Needs, Own>;
export function liveView<
  Needs extends object = Record<never, never>,
  Own extends object = Record<never, never>,
>(name: string, definition: LiveViewDefinition<Needs, Own>): LiveView<Needs, Own>;
export function liveView(...declared: [] | [name: string, definition: unknown]): unknown {
  return declared.length === 0
    ? declare
    : declare(...(declared as [string, LiveViewDefinition<object, object>]));
}

function declare(name: string, definition: LiveViewDefinition<object, object>): LiveView {
  if (typeof name !== "string" || name === "") {
    throw new LiveError("LIVE_ERR_VIEW", "a live view needs a name", {
      expected: "a text",
      got: name,
    });
  }
  assertDefinition(name, definition);
  return Object.freeze({ name, definition, onMount: toOnMountList(definition.onMount, name) });
}

function assertDefinition(view: string, definition: LiveViewDefinition<never, never>): void {
  if (typeof definition !== "object" || definition === null) {
    throw new LiveError("LIVE_ERR_VIEW", `the live view ${view} has no definition`, {
      expected: "an object of callbacks, render among them",
      got: definition,
    });
  }
  for (const callback of ["mount", "handleParams", "handleInfo", "handleAsync"] as const) {
    assertCallback(view, callback, definition[callback], definition[callback] === undefined);
  }
  assertCallback(view, "render", definition.render, false);
  assertLayout(definition.layout, `layout of the live view ${view}`);
  const { handleEvent = {}, provide = [] } = definition;
  assertProvided(provide, `provide of the live view ${view}`);
  if (typeof handleEvent !== "object" || handleEvent === null) {
    throw new LiveError("LIVE_ERR_VIEW", `invalid handleEvent of the live view ${view}`, {
      expected: "an object of handlers by event",
      got: handleEvent,
    });
  }
  for (const [event, handler] of Object.entries(handleEvent)) {
    const run = typeof handler === "function" ? handler : handler?.handler;
    assertCallback(view, `handleEvent.${event}`, run, false);
  }
}

function assertCallback(view: string, callback: string, value: unknown, optional: boolean): void {
  if (optional || typeof value === "function") return;
  throw new LiveError("LIVE_ERR_VIEW", `invalid ${callback} of the live view ${view}`, {
    expected: "a function",
    got: value,
  });
}

/** Whether a value is what {@link liveView} returned. */
export function isLiveView(value: unknown): value is LiveView {
  const view = value as Partial<LiveView> | null | undefined;
  return typeof view?.name === "string" && typeof view.definition?.render === "function";
}
