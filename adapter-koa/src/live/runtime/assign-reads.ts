import type { ViewSocket } from "./view-socket.js";

/**
 * Records which assigns the templates of a view have read since it was mounted. A row of a keyed list depends on
 * its item and on these assigns, so a change of any other assign does not affect the row.
 */
export class AssignReads {
  /** The live action counts as read, because a patch also changes the URL, which templates read from the socket. */
  readonly #keys = new Set<string | symbol>(["liveAction"]);

  /** Returns the assigns for `render` and the layout. Reading a property records it. */
  track<Assigns extends object>(assigns: Assigns): Assigns {
    return new Proxy(assigns, {
      get: (target, key) => {
        this.#keys.add(key);
        return Reflect.get(target, key);
      },
    });
  }

  /** Returns the socket for `render`. Reading one of its assigns records it. */
  trackSocket(socket: ViewSocket): ViewSocket {
    return new Proxy(socket, {
      get: (target, key) => {
        if (key === "assigns") return this.track(target.assigns);
        const value = Reflect.get(target, key, target);
        // Private members exist only on the socket itself.
        return typeof value === "function" ? value.bind(target) : value;
      },
      set: (target, key, value) => Reflect.set(target, key, value, target),
    });
  }

  /** Whether none of the changed assigns has been read by templates, except those that are this value. */
  dependOnlyOn(
    value: unknown,
    changed: Iterable<string>,
    assigns: Readonly<Record<string, unknown>>,
  ): boolean {
    for (const key of changed) if (this.#keys.has(key) && assigns[key] !== value) return false;
    return true;
  }
}
