import type { LiveHooks } from "../commands/live-hook.js";
import type { LoadingEvents } from "../navigation/loading-events.js";
import type { VisitOptions } from "../navigation/visit.js";

/** Receives the events and navigations that the bindings start. */
export interface BindingTarget extends EventTargetView {
  visit(to: string, options: VisitOptions): void;
  /** Called when the browser follows a link or sends a form by a page load. */
  unload(): void;
  /** Called when a file of the client repeatedly could not be loaded. */
  handleMissingModule(): void;
  /** Whether the connection is up; if it is not, the browser follows live links itself. */
  readonly isOnline: boolean;
  /** The absolute URL that the URLs of links are relative to. */
  readonly baseUrl: string;
  /** The number of live navigations so far. A delayed event is dropped when it has changed. */
  readonly navigations: number;
  readonly loading: Pick<LoadingEvents, "start">;
}

/** Called when an event has been answered (`isAnswered`), or when it will not be. */
export type SettleCallback = (isAnswered: boolean) => void;

/** A view that receives events, of any `<live-session>` in the page. */
export interface EventTargetView {
  /**
   * Sends an event to the view and resolves with the handler's reply; rejects when that fails. `settle` is called
   * before the update that answers it is shown, or when there will be no answer (not `isAnswered`).
   */
  pushEvent(type: string, event: string, value: unknown, settle?: SettleCallback): Promise<unknown>;
}

/** Functions of an application that add to the payloads of events, by the type of the event (`click`). */
export type LiveMetadata = Readonly<
  Record<
    string,
    (event: Event, element: HTMLElement | SVGElement) => Readonly<Record<string, unknown>>
  >
>;

/** The `<live-session>` element whose bindings are handled. */
export interface BindingElement extends HTMLElement {
  /** The prefix of the names of binding attributes, `live-` by default. */
  readonly bindingPrefix: string;
  readonly hooks?: LiveHooks | undefined;
  readonly metadata?: LiveMetadata | undefined;
  readonly status: string;
  /** The view of the element. */
  readonly view?: EventTargetView | undefined;
}

/** An event that an element sends, apart from its name, which the binding attribute contains. */
export interface Action {
  /** The type of the event on the wire. */
  readonly type: string;
  /** The part of the loading class that names the binding, as in `live-submit-loading`. Defaults to the type. */
  readonly name?: string;
  /**
   * The payload. A function is called when the event is sent, which may be later, with the values that a command
   * adds.
   */
  readonly value: object | ((added?: object) => string);
  /** The elements that get the loading class until the answer has come. Defaults to the element. */
  readonly marked?: readonly Element[];
  /**
   * Called when the event is sent. The function that it returns is called before the answer is shown, or when
   * there will be no answer.
   */
  readonly begin?: () => SettleCallback;
}

/** The options that a `push` command adds to the event of a binding. */
export interface EventOptions {
  readonly value?: Readonly<Record<string, unknown>> | undefined;
  /** Further elements that get the loading class. */
  readonly loading?: readonly Element[];
  readonly pageLoading?: boolean;
  /** The views that receive the event. Defaults to the view of the binding. */
  readonly views?: readonly EventTargetView[];
}

/**
 * Sends the event of one binding. The promise settles with the answer; the result is `false` if the element has been
 * removed from the page.
 */
export type BoundEventSender = (event: string, options: EventOptions) => Promise<unknown> | false;

/** The bindings of one live session, as the modules that handle bindings share them. */
export interface Binder {
  readonly element: BindingElement;
  readonly scripting: {
    /**
     * Runs the binding of an element: sends the event that `text` names, or runs the commands that it contains. If a
     * module has to be loaded first, it returns a promise that resolves afterwards.
     */
    perform(element: HTMLElement, text: string, send: BoundEventSender): Promise<void> | undefined;
  };
  /** Returns the name of a binding's attribute. */
  name(binding: string): string;
  /** Returns the value of a binding's attribute, even for a form with fields that have the names of its members. */
  attribute(element: Element, binding: string): string | null;
  /** Whether an element has the attribute of one of some bindings. */
  has(element: Element, ...bindings: readonly string[]): boolean;
  /**
   * Returns the elements of this live session on the path of an event, innermost first. With `inside` only those
   * below the `<live-session>` element. SVG elements are included: they have all members of `HTMLElement` that
   * bindings use.
   */
  pathOf(e: Event, inside?: boolean): HTMLElement[];
  /** Finds the elements of this live session that have a binding. */
  all(binding: string): HTMLElement[];
  /** Returns the value of a control and the element's `live-value-*` attributes. */
  valueOf(element: HTMLElement): object;
  /** Returns the element's `live-value-*` attributes. */
  valuesOf(element: Element): Record<string, string>;
  /**
   * Runs the binding of an element: sends its event or runs its commands. The delay is that of `timed`, by default the
   * element itself.
   */
  fire(element: HTMLElement, binding: string, e: Event, action: Action, timed?: Element): void;
  /** Reports a mistake of the page's author by `live-error`. */
  fail(code: string, message: string): void;
  /** Sends an event for an element, marks elements as loading until the answer, and resolves with it. */
  sendAction(
    element: HTMLElement,
    event: string,
    action: Action,
    options?: EventOptions,
  ): Promise<unknown>;
}
