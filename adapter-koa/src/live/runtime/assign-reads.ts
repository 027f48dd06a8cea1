import type { ViewSocket } from "./view-socket.js";

/**
 * Records which assigns the templates of a view have read since it was mounted. A change of any other assign does not
 * affect what they show.
 */
export class AssignReads {
  /** The live action counts as read, because a patch also changes the URL, which templates read from the socket. */
  readonly #keys = new Set<string | symbol>(["liveAction"]);

  /** Whether the names of all assigns were read, so that any change may affect the templates. */
  #hasListed = false;

  /** Returns the assigns for `render` and the layout. Reading a property, or asking whether it exists, records it. */
  track<Assigns extends object>(assigns: Assigns): Assigns {
    return new Proxy(assigns, {
      get: (target, key) => {
        this.#keys.add(key);
        return Reflect.get(target, key);
      },
      has: (target, key) => {
        this.#keys.add(key);
        return Reflect.has(target, key);
      },
      getOwnPropertyDescriptor: (target, key) => {
        this.#keys.add(key);
        return Reflect.getOwnPropertyDescriptor(target, key);
      },
      ownKeys: (target) => {
        this.#hasListed = true;
        return Reflect.ownKeys(target);
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

  /** Whether templates have read any of these assigns. */
  includeAny(keys: Iterable<string>): boolean {
    for (const key of keys) if (this.#hasListed || this.#keys.has(key)) return true;
    return false;
  }
}
