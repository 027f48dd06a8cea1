import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { TemplateResult } from "lit";
import type { MountOptions, Reply, StageContexts } from "./hook.js";
import { assertLayout, type Layout, type RenderAssigns } from "./layout.js";
import { LiveError } from "./live-error.js";
import type { MaybePromise } from "./maybe-promise.js";
import { type MountContext, type OnMount, toOnMountList } from "./on-mount.js";
import type { Socket } from "./socket.js";

/** Returned by an event handler: nothing, or an answer for the browser. */
// biome-ignore lint/suspicious/noConfusingVoidType: a handler that answers nothing is declared void
export type EventResult = Reply | void;

/** What an event handler gets; the payload is `unknown` unless a schema has checked it. */
export interface EventContext<Assigns extends object, Payload = unknown> {
  readonly event: string;
  readonly payload: Payload;
  readonly socket: Socket<Assigns>;
}

/** A handler of one event. */
export type EventHandler<Assigns extends object, Payload = unknown> = (
  context: EventContext<Assigns, Payload>,
) => MaybePromise<EventResult>;

/** A handler with the schema its payload must satisfy; made by `event(schema, handler)`. */
export interface CheckedEvent<Assigns extends object> {
  readonly schema: StandardSchemaV1;
  handler(context: EventContext<Assigns, never>): MaybePromise<EventResult>;
}

/** The callbacks of a live view. Only `render` is needed. */
export interface LiveViewDefinition<Needs extends object, Own extends object> {
  /** Runs after the on-mount hooks, on the disconnected and on the connected mount. */
  // biome-ignore lint/suspicious/noConfusingVoidType: most mounts return nothing
  mount?(context: MountContext<Needs & Own>): MaybePromise<MountOptions | void>;
  /** Runs after `mount` and on every patch. */
  handleParams?(context: StageContexts<Needs & Own>["handleParams"]): MaybePromise<void>;
  /** Handlers by event name. An event that no hook halts and that is not in here crashes the view. */
  readonly handleEvent?: Readonly<Record<string, EventHandler<Needs & Own> | CheckedEvent<Needs & Own>>>;
  /** Messages: from `socket.send`, and from topics the socket subscribed to. */
  handleInfo?(context: StageContexts<Needs & Own>["handleInfo"]): MaybePromise<void>;
  /** Outcomes of `socket.startAsync`. Without it, what a task throws ends the view. */
  handleAsync?(context: StageContexts<Needs & Own>["handleAsync"]): MaybePromise<void>;
  /** The view's own hooks; they run after the live session's. */
  readonly onMount?: OnMount | readonly OnMount[];
  /** The layout where the live session names none; `false` for no layout. */
  readonly layout?: Layout | false;
  /**
   * The page from the assigns. It is a pure function: what it reads elsewhere is not tracked. A row of a
   * `repeat` is rendered again when its item is another object or another assign that is read has
   * changed; one that looks at the list around it takes the index too, and is rendered each time.
   */
  render(assigns: Readonly<Needs & Own> & RenderAssigns, socket: Socket<Needs & Own>): TemplateResult;
}

/** A declared live view. The type parameters exist for the compiler alone. */
export interface LiveView<Needs extends object = object, Own extends object = object> {
  readonly name: string;
  readonly definition: LiveViewDefinition<object, object>;
  readonly onMount: readonly OnMount[];
  needs?(assigns: Needs): void;
  owns?(assigns: Own): void;
}

/**
 * Declares a live view.
 *
 * The first type parameter is what the view *needs* from its live session's hooks, the second what it
 * assigns itself; `.live()` refuses to route the view where the hooks do not provide what it needs.
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
 *   `LIVE_ERR_ON_MOUNT`, `LIVE_ERR_LAYOUT`
 */
export function liveView<
  Needs extends object = Record<never, never>,
  Own extends object = Record<never, never>,
>(name: string, definition: LiveViewDefinition<Needs, Own>): LiveView<Needs, Own> {
  if (typeof name !== "string" || name === "") {
    throw new LiveError("LIVE_ERR_VIEW", "a live view needs a name", { expected: "a text", got: name });
  }
  assertDefinition(name, definition);
  return Object.freeze({
    name,
    definition: definition as unknown as LiveViewDefinition<object, object>,
    onMount: toOnMountList(definition.onMount, name),
  });
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
  const { handleEvent = {} } = definition;
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

/**
 * An event handler with a checked and typed payload.
 *
 * A payload that the schema refuses never reaches the handler: the browser's `push()` resolves with
 * `{ issues: { field: [message] } }`, and the debug log `live:event` gets a line without the payload.
 *
 * @param schema any Standard Schema (zod, valibot, arktype …)
 * @throws LiveError `LIVE_ERR_VIEW` when schema or handler is none
 */
export function event<Schema extends StandardSchemaV1, Assigns extends object>(
  schema: Schema,
  handler: EventHandler<Assigns, StandardSchemaV1.InferOutput<Schema>>,
): CheckedEvent<Assigns> {
  if (typeof schema?.["~standard"]?.validate !== "function" || typeof handler !== "function") {
    throw new LiveError("LIVE_ERR_VIEW", "event expects a schema and a handler", {
      expected: "a Standard Schema (zod, valibot, arktype …) and a function",
      got: typeof handler === "function" ? schema : handler,
    });
  }
  return { schema, handler };
}
