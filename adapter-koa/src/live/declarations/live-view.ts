import type { TemplateResult } from "lit";
import { LiveError } from "../live-error.js";
import type { MaybePromise } from "../maybe-promise.js";
import type { MountOptions, StageContexts } from "../socket/hook.js";
import type { Socket } from "../socket/socket.js";
import { assertLayout, type Layout, type RenderAssigns } from "./layout.js";
import type { EventHandlers } from "./live-event.js";
import type { EventOf } from "./live-events.js";
import { type AnyOnMount, type MountContext, type OwnHook, toOnMountList } from "./on-mount.js";
import { type AssignNames, assertProvided } from "./provided-data.js";

/** The types of a view's assigns, for the compiler alone. */
export interface ViewTypes {
  /** What the live session's hooks must assign. */
  readonly needs?: object;
  /** What the view assigns itself. */
  readonly own?: object;
}

type NeedsOf<Types> = Types extends { readonly needs: infer Needs extends object }
  ? Needs
  : Record<never, never>;
type OwnOf<Types> = Types extends { readonly own: infer Own extends object }
  ? Own
  : Record<never, never>;
type AssignsOf<Types> = NeedsOf<Types> & OwnOf<Types>;
// Not exported, or declaration files of an app would have to name it and could not.
type EventsOf<Handlers> = { readonly [Name in keyof Handlers]: EventOf<Handlers[Name]> };

/** The callbacks of a live view. Only `render` is needed. */
export interface LiveViewDefinition<
  Types extends ViewTypes,
  Handlers extends EventHandlers<AssignsOf<Types>> = EventHandlers<AssignsOf<Types>>,
  Names extends AssignNames<AssignsOf<Types>> = AssignNames<AssignsOf<Types>>,
> {
  /**
   * The types of the view's assigns, for the compiler alone. Both keys may be left out.
   *
   * @example
   * types: {} as { needs: { currentUser: User }; own: { count: number } },
   */
  readonly types?: Types;
  /** Runs after the on-mount hooks, on the disconnected and on the connected mount. */
  // biome-ignore lint/suspicious/noConfusingVoidType: most mounts return nothing
  mount?(context: MountContext<AssignsOf<Types>>): MaybePromise<MountOptions | void>;
  /** Runs after `mount` and on every patch. */
  handleParams?(context: StageContexts<AssignsOf<Types>>["handleParams"]): MaybePromise<void>;
  /** Handlers by event name. An event that no hook halts and that is not in here crashes the view. */
  readonly handleEvent?: Handlers & EventHandlers<AssignsOf<Types>>;
  /** Messages: from `socket.send`, and from topics the socket subscribed to. */
  handleInfo?(context: StageContexts<AssignsOf<Types>>["handleInfo"]): MaybePromise<void>;
  /** Outcomes of `socket.startAsync`. Without it, what a task throws ends the view. */
  handleAsync?(context: StageContexts<AssignsOf<Types>>["handleAsync"]): MaybePromise<void>;
  /** The assigns that are mirrored to the page's elements, as with `socket.provide`, and listed in `ProvidedData`. */
  readonly provide?: Names;
  /** The view's own hooks; they run after the live session's. */
  readonly onMount?:
    | OwnHook<NoInfer<AssignsOf<Types>>>
    | readonly OwnHook<NoInfer<AssignsOf<Types>>>[]
    | readonly []; // makes a tuple of a list, each hook of which is looked at by itself
  /** The layout where the live session names none; `false` for no layout. */
  readonly layout?: Layout | false;
  /**
   * The page from the assigns. It is a pure function: what it reads elsewhere is not tracked. A row of a
   * `repeat` is rendered again when its item is another object or another assign that is read has
   * changed; one that looks at the list around it takes the index too, and is rendered each time.
   */
  render(
    assigns: Readonly<AssignsOf<Types>> & RenderAssigns,
    socket: Socket<AssignsOf<Types>>,
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
  readonly definition: LiveViewDefinition<ViewTypes>;
  readonly onMount: readonly AnyOnMount[];
  needs?(assigns: Needs): void;
  owns?(assigns: Own): void;
  readonly events?: Events;
  readonly data?: Data;
}

/**
 * Declares a live view.
 *
 * `types` in the definition names the view's assigns: `needs` is what the view needs from its live
 * session's hooks, `own` is what it assigns itself. `.live()` refuses to route the view where the hooks
 * do not provide what it needs. The types of its events and of the data it provides are inferred; see
 * `LiveEvents` and `ProvidedData`.
 *
 * @example
 * export const counterLive = liveView("CounterLive", {
 *   types: {} as { own: { count: number } },
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
 * @throws LiveError `LIVE_ERR_VIEW` when the name or a callback is missing or has the wrong type,
 *   `LIVE_ERR_ON_MOUNT`, `LIVE_ERR_LAYOUT`, `LIVE_ERR_PROVIDE`
 */
export function liveView<
  // First, so that explicit type arguments do not compile: the types of the events would be lost.
  const Names extends AssignNames<AssignsOf<Types>> = readonly [],
  Types extends ViewTypes = Record<never, never>,
  Handlers extends EventHandlers<AssignsOf<Types>> = Record<never, never>,
>(
  name: string,
  definition: LiveViewDefinition<Types, Handlers, Names>,
): LiveView<
  NeedsOf<Types>,
  OwnOf<Types>,
  EventsOf<Handlers>,
  Pick<AssignsOf<Types>, Names[number]>
> {
  if (typeof name !== "string" || name === "") {
    throw new LiveError("LIVE_ERR_VIEW", "a live view needs a name", {
      expected: "a text",
      got: name,
    });
  }
  const untyped = definition as unknown as LiveViewDefinition<ViewTypes>;
  assertDefinition(name, untyped);
  return Object.freeze({
    name,
    definition: untyped,
    onMount: toOnMountList(definition.onMount, name),
  });
}

function assertDefinition(view: string, definition: LiveViewDefinition<ViewTypes>): void {
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
    assertCallback(view, `handleEvent.${event}`, handler, false);
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
