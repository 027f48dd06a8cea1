import { type OnMount, onMount } from "../live/declarations/on-mount.js";
import type { HookHost } from "../live/hooks/hook-socket.js";
import type { Presence } from "../live/presence/presence.js";
import type { PresenceList } from "../live/presence/roster.js";
import type { MountContext } from "../live/socket/contexts.js";
import { cont } from "../live/socket/outcome.js";
import type { Socket } from "../live/socket/socket.js";
import type { Tracking } from "../live/socket/tracker.js";

/** The assign that {@link presence} sets and provides. */
export interface PresenceAssigns<Shown> {
  readonly presence: Shown;
}

/** Options of {@link presence}. */
export interface PresenceOptions<Needs extends object, Meta, Shown> {
  /** The topic, or a function that returns it for a page. The function is called again after each patch. */
  readonly topic: string | ((socket: Socket) => string);
  /** Returns the key of the visitor; `undefined` for a visitor who sees the others but is not listed. */
  readonly key: (context: MountContext<Needs>) => string | undefined;
  /** Returns the data about the visitor that the other pages receive. */
  readonly meta: (context: MountContext<Needs>) => Meta;
  /**
   * Returns what pages show of the list, as JSON. Everything in it can be read in the browser, keys too. It is called once
   * for each change of a list, not for each page.
   */
  readonly show: (list: PresenceList<Meta>) => Shown;
}

/**
 * Creates an on-mount hook that lists the visitors of a page in the assign `presence`, and provides it to elements. A view
 * that needs the joins and leaves themselves subscribes to `presence.changes(topic)`.
 *
 * @example
 * presence(online, {
 *   topic: "lobby",
 *   key: ({ socket }: MountContext<{ currentUser: User }>) => socket.assigns.currentUser.id,
 *   meta: ({ socket }) => ({ name: socket.assigns.currentUser.name }),
 *   show: (list) => list.map(({ metas: [user] }) => user?.name),
 * });
 */
export function presence<Needs extends object, Meta, Shown>(
  tracker: Presence<Meta>,
  { topic, key, meta, show }: PresenceOptions<Needs, Meta, Shown>,
): OnMount<Needs, PresenceAssigns<Shown>, PresenceAssigns<Shown>> {
  const shownOf = once(show);
  const topicOf = typeof topic === "string" ? () => topic : topic;
  return onMount("presence", (context: MountContext<Needs>) => {
    const socket = context.socket as HookHost;
    const shown = () => ({ presence: shownOf(tracker.list(page.topic)) });
    const page = new ListedPage(socket, tracker, key(context), () => socket.assign(shown()));
    page.show(topicOf(socket), () => meta(context));
    socket.attachHook("presence", "handleParams", () => {
      page.show(topicOf(socket), () => meta(context));
      return cont(shown());
    });
    return cont(shown(), { provide: ["presence"] });
  });
}

/** A page that shows the list of its topic, in which it is listed itself. */
class ListedPage<Meta> {
  topic = "";
  readonly #socket: HookHost;
  readonly #presence: Presence<Meta>;
  readonly #key: string | undefined;
  readonly #onChange: () => void;
  #unsubscribe: (() => void) | undefined;
  #tracking: Tracking<Meta> | undefined;

  constructor(
    socket: HookHost,
    presence: Presence<Meta>,
    key: string | undefined,
    onChange: () => void,
  ) {
    this.#socket = socket;
    this.#presence = presence;
    this.#key = key;
    this.#onChange = onChange;
  }

  /** Lists the page under a topic, and no longer under the previous one. */
  show(topic: string, meta: () => Meta): void {
    if (topic === this.topic) return;
    this.#unsubscribe?.();
    this.#tracking?.end();
    this.topic = topic;
    this.#unsubscribe = this.#socket.subscribe(this.#presence.changes(topic), {}, this.#onChange);
    if (this.#key === undefined) return;
    this.#tracking = this.#socket.track(this.#presence, topic, this.#key, meta());
  }
}

/** Returns a function that computes the result for each list once, because all pages of a topic show the same list. */
function once<Meta, Shown>(
  show: (list: PresenceList<Meta>) => Shown,
): (list: PresenceList<Meta>) => Shown {
  const results = new WeakMap<PresenceList<Meta>, Shown>();
  return (list) => {
    const known = results.get(list);
    if (known !== undefined) return known;
    const shown = show(list);
    results.set(list, shown);
    return shown;
  };
}
