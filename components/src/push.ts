/** The types of an event: its payload, and the reply that `push()` resolves with. */
export interface EventType {
  readonly payload: unknown;
  readonly reply: unknown;
}

/** Constrains types that describe the events of a view, such as `LiveEvents<typeof view>` of the server's package. */
export type EventTypes<Events> = { readonly [Name in keyof Events]: EventType };

/** The events of a view without known types. */
export type AnyEvents = Readonly<
  Record<string, { readonly payload: Readonly<Record<string, unknown>>; readonly reply: unknown }>
>;

/** Options of `push()`. */
export interface PushOptions {
  /**
   * Applies the expected result at once and returns a function that undoes it. Called before the event is sent. The
   * result is undone when the answer has come, because the page then shows the state of the server, and also when the
   * push fails.
   */
  readonly optimistic?: (() => () => void) | undefined;
}

/** The arguments after the name of an event: its payload, which is optional if it can be empty, and options. */
type PayloadOf<Payload> =
  Record<never, never> extends Payload
    ? [payload?: Payload, options?: PushOptions]
    : [payload: Payload, options?: PushOptions];

/** The arguments of a call, as a union with one member for each event, so that name and payload match. */
type Calls<Events extends EventTypes<Events>, Name extends keyof Events> = Name extends unknown
  ? [event: Name, ...PayloadOf<Events[Name]["payload"]>]
  : never;

/**
 * Sends an event to the view. The events are those of the handle's type. A call can name others:
 * `push<LiveEvents<typeof view>>("save", { … })` resolves with the union of all replies,
 * `push<LiveEvents<typeof view>, "save">("save", { … })` with the reply of `save`.
 */
export interface Push<Events extends EventTypes<Events>> {
  <Others extends EventTypes<Others>, Name extends keyof Others = keyof Others>(
    ...call: Calls<Others, Name>
  ): Promise<Others[Name]["reply"]>;
  // Last, because TypeScript prints the error of the last overload.
  <Name extends keyof Events & string>(
    event: Name,
    ...payload: PayloadOf<Events[Name]["payload"]>
  ): Promise<Events[Name]["reply"]>;
}
