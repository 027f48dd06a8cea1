/** What an event carries, and what `push()` resolves with. */
export interface EventType {
  readonly payload: unknown;
  readonly reply: unknown;
}

/** The shape of types that tell a view's events, such as `LiveEvents<typeof view>` of the server's package. */
export type EventTypes<Events> = { readonly [Name in keyof Events]: EventType };

/** Events of which nothing is known. */
export type AnyEvents = Readonly<
  Record<string, { readonly payload: Readonly<Record<string, unknown>>; readonly reply: unknown }>
>;

/** How an event is pushed. */
export interface PushOptions {
  /**
   * Shows at once what the event likely comes to, and returns what takes that back. Taken back it is when the
   * answer has come, as the page then shows what the server says, or when there is none: the view refused, was
   * lost, or stayed silent. Called before the event is sent.
   */
  readonly optimistic?: (() => () => void) | undefined;
}

/** What follows an event's name in a call: its payload, which may be left out where it may be empty, and options. */
type PayloadOf<Payload> =
  Record<never, never> extends Payload
    ? [payload?: Payload, options?: PushOptions]
    : [payload: Payload, options?: PushOptions];

/** One call for each event; a name and its payload belong together. */
type Calls<Events extends EventTypes<Events>, Name extends keyof Events> = Name extends unknown
  ? [event: Name, ...PayloadOf<Events[Name]["payload"]>]
  : never;

/**
 * How events are pushed. The view's events are those of the handle, or those that a call names:
 * `push<LiveEvents<typeof view>>("save", { … })`. Such a call resolves with the reply of one of them; which
 * one it is told by `push<LiveEvents<typeof view>, "save">`.
 */
export interface Push<Events extends EventTypes<Events>> {
  <Name extends keyof Events & string>(
    event: Name,
    ...payload: PayloadOf<Events[Name]["payload"]>
  ): Promise<Events[Name]["reply"]>;
  <Others extends EventTypes<Others>, Name extends keyof Others = keyof Others>(
    ...call: Calls<Others, Name>
  ): Promise<Others[Name]["reply"]>;
}
