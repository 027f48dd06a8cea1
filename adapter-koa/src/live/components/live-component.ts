import { hash } from "node:crypto";
import type { TemplateResult } from "lit";
import type { EventHandlers } from "../declarations/live-event.js";
import { EventTarget } from "../event-target.js";
import { LiveError, quote } from "../live-error.js";
import type { MaybePromise } from "../maybe-promise.js";
import type { AsyncOutcome } from "../socket/async-result.js";
import { type InfoHandler, isInfoHandler } from "../socket/info-handler.js";
import type { ComponentOf, Socket } from "../socket/socket.js";
import { wrapDirectives } from "./component-props.js";
import { ComponentUse } from "./component-use.js";

/** The assigns that a template may show: all but functions, which only handlers call. */
export type ShownAssigns<Assigns> = {
  readonly [Key in keyof Assigns as NonNullable<Assigns[Key]> extends (...args: never) => unknown
    ? never
    : Key]: Assigns[Key];
};

/** The names of assigns. */
type NamesOf<Assigns> = readonly (keyof Assigns & string)[];

/** The argument of a component's `mount` and `update`. */
export interface ComponentContext<Props extends object, Own extends object> {
  /** The props that the template passes now. */
  readonly props: Readonly<Props>;
  readonly socket: Socket<Props & Own>;
}

/** The callbacks and options of a component. Only `render` is required. All but the handlers are synchronous. */
export interface LiveComponentDefinition<Props extends object, Own extends object> {
  /**
   * Runs once, before the first `update`, to set the component's own assigns. `kept` contains the values of kept assigns
   * that the browser has sent.
   */
  mount?(
    context: ComponentContext<Props, Own> & {
      readonly kept: Readonly<Partial<Props & Own>>;
    },
  ): void;
  /** Runs when the component has been mounted, and whenever its props have changed. They are assigned before. */
  update?(context: ComponentContext<Props, Own>): void;
  /** The handlers by event name, of the bindings in the component's template. */
  readonly handleEvent?: EventHandlers<Props & Own>;
  /**
   * Receives the messages of the topics to which the component has subscribed, and those that it has sent with
   * `socket.send`. Without it, the view receives them.
   */
  readonly handleInfo?: InfoHandler<Props & Own> | readonly InfoHandler<Props & Own>[];
  /** Receives the outcomes of `socket.startAsync`. Without it, an error of a task ends the view. */
  handleAsync?(context: {
    readonly key: string;
    readonly result: AsyncOutcome;
    readonly socket: Socket<Props & Own>;
  }): MaybePromise<void>;
  /** The assigns to provide to the page's elements. Only one component of a page can provide an assign of a name. */
  readonly provide?: NamesOf<Props & Own>;
  /** The assigns whose values the browser keeps for the next connection, as those of a view. They must be JSON. */
  readonly keep?: NamesOf<Props & Own>;
  /**
   * Renders the component. It must be a pure function of its assigns: it runs only when one of them has changed. Functions
   * among the props are for handlers; a new function does not render the component.
   */
  render(assigns: ShownAssigns<Props & Own>, socket: Socket<Props & Own>): TemplateResult;
}

/** A component as the runtime uses it. */
export interface DeclaredComponent {
  readonly name: string;
  readonly definition: LiveComponentDefinition<object, object>;
}

/** A component, made by {@link liveComponent}. */
export interface LiveComponent<Props extends object = object> extends ComponentOf<Props> {
  /**
   * Returns the component for a template, in the place of a value between tags. Its state belongs to the pair of
   * component and id: it stays while each render of the view contains the pair, even in another place, and is dropped
   * otherwise.
   *
   * @throws LiveError `LIVE_ERR_COMPONENT` when the id or the props are invalid
   */
  at(
    id: string | number,
    ...props: Record<never, never> extends Props ? [props?: Props] : [props: Props]
  ): object;
  /** Returns the target of events for the component with an id, for `live-target` and `js.push`. */
  target(id: string | number): EventTarget;
  /** Returns the wire name of an event for the component with an id, for elements and scripts that push it. */
  event(id: string | number, event: string): string;
}

/**
 * Declares a stateful component: a part of views with its own assigns and events. A change of its assigns renders only the
 * component. The events of the bindings in its template reach its own `handleEvent`, after the `handleEvent` hooks of the
 * view. Content that another template passes as a prop keeps sending its events to the owner of that template.
 *
 * @example
 * const inlineEdit = liveComponent<{ value: string; onSave(value: string): void }, { editing: boolean }>("InlineEdit", {
 *   mount: ({ socket }) => socket.assign({ editing: false }),
 *   handleEvent: {
 *     edit: ({ socket }) => socket.assign({ editing: true }),
 *     save: liveEvent(z.object({ value: z.string() }), ({ payload, socket }) => {
 *       socket.assigns.onSave(payload.value);
 *       socket.assign({ editing: false });
 *     }),
 *   },
 *   render: ({ value, editing }) => editing
 *     ? html`<form method="post" live-submit="save"><input name="value" .value=${value}></form>`
 *     : html`<button live-click="edit">${value}</button>`,
 * });
 * // In the template of a view:
 * html`${inlineEdit.at(task.id, { value: task.title, onSave: (title) => socket.send({ save: task.id, title }) })}`;
 *
 * @throws LiveError `LIVE_ERR_COMPONENT` when the name or a callback is missing or has the wrong type, or an option is
 *   unknown
 */
export function liveComponent<
  Props extends object = Record<never, never>,
  Own extends object = Record<never, never>,
>(name: string, definition: LiveComponentDefinition<Props, Own>): LiveComponent<Props> {
  if (typeof name !== "string" || name === "" || name.includes("/")) {
    throw new LiveError("LIVE_ERR_COMPONENT", "name of a component is invalid", {
      expected: 'a non-empty string without "/"',
      got: name,
    });
  }
  assertDefinition(name, definition);
  const declared: DeclaredComponent = Object.freeze({
    name,
    definition: definition as unknown as LiveComponentDefinition<object, object>,
  });
  const target = (id: string | number) => new EventTarget(addressOf(name, toId(name, id)));
  return Object.freeze({
    ...declared,
    at(id: string | number, props: object = {}) {
      if (typeof props !== "object" || props === null) {
        throw new LiveError("LIVE_ERR_COMPONENT", `props of ${name} are invalid`, {
          expected: "an object",
          got: props,
        });
      }
      return new ComponentUse(
        declared,
        toId(name, id),
        wrapDirectives(props as Record<string, unknown>),
      );
    },
    target,
    event: (id: string | number, event: string) => target(id).nameOf(event),
  });
}

/** Returns what identifies a component in the events of its view, the same on both mounts and after a reconnect. */
export const addressOf = (name: string, id: string): string =>
  hash("sha1", `${name}\n${id}`, "base64url").slice(0, 8);

function toId(name: string, id: unknown): string {
  if ((typeof id === "string" && id !== "") || typeof id === "number") return String(id);
  throw new LiveError("LIVE_ERR_COMPONENT", `id of a component ${name} is invalid`, {
    expected: "a non-empty string or a number",
    got: id,
  });
}

const callbackNames = ["mount", "update", "handleAsync", "render"] as const;
const definitionNames = [...callbackNames, "handleEvent", "handleInfo", "provide", "keep"];

function assertDefinition(name: string, definition: unknown): void {
  const given: Readonly<Record<string, unknown>> = Object(definition);
  const unknown = Object.keys(given).find((key) => !definitionNames.includes(key));
  if (unknown !== undefined) {
    throw new LiveError("LIVE_ERR_COMPONENT", `option of the component ${name} is unknown`, {
      expected: definitionNames.join(", "),
      gotText: quote(unknown),
    });
  }
  const { handleEvent = {}, provide = [], keep = [] } = given;
  for (const callback of callbackNames) {
    const isMissing = given[callback] === undefined && callback !== "render";
    if (!isMissing) assertOption(name, callback, given[callback], "a function", isFunction);
  }
  const handlers = "an object of handlers by event name";
  assertOption(name, "handleEvent", handleEvent, handlers, (value) =>
    Object.values(Object(value)).every(isFunction),
  );
  assertOption(
    name,
    "handleInfo",
    given.handleInfo ?? [],
    "a function, or a list of functions",
    isInfoHandler,
  );
  for (const [option, list] of Object.entries({ provide, keep })) {
    assertOption(name, option, list, "a list of names of assigns", Array.isArray);
  }
}

const isFunction = (value: unknown): boolean => typeof value === "function";

function assertOption(
  component: string,
  option: string,
  value: unknown,
  expected: string,
  isValid: (value: unknown) => boolean,
): void {
  if (isValid(value)) return;
  throw new LiveError("LIVE_ERR_COMPONENT", `${option} of the component ${component} is invalid`, {
    expected,
    got: value,
  });
}
