/**
 * The receiver of the events of a binding: a component of the view, or the view itself ({@link viewTarget}). Written by a
 * template as the value of `live-target`, or as the option `target` of `js.push`.
 */
export class EventTarget {
  /** Identifies the component within its view; empty for the view. */
  readonly #address: string;

  constructor(address: string) {
    this.#address = address;
  }

  get address(): string {
    return this.#address;
  }

  /** Returns an event as it is named on the wire. */
  nameOf(event: string): string {
    return toEventName(this.#address, event);
  }
}

/** The view that renders the template, for events of a component's own elements that its view handles. */
export const viewTarget = new EventTarget("");

/** Returns an event as it is named on the wire. An event that has a target, or that the library handles, stays as it is. */
export const toEventName = (address: string, event: string): string =>
  event === "" || event.startsWith("@") || event.startsWith("lv:") ? event : `@${address}:${event}`;

/** Divides an event of the wire into the address of its target and its name; an event of the view has an empty address. */
export function parseEventName(event: string): { readonly address: string; readonly name: string } {
  if (!event.startsWith("@")) return { address: "", name: event };
  const match = /^@([\w-]{0,16}):/.exec(event);
  if (!match) return { address: "", name: event };
  return { address: match[1] ?? "", name: event.slice(match[0].length) };
}
