/**
 * Which assigns the templates of a view have read since it was mounted. What a row of a keyed list
 * depends on besides its item is among them, so a change of any other assign leaves the row as it is.
 */
export class AssignReads {
  /** The action counts as read: with a patch changes what templates may ask the socket, its URL too. */
  readonly #keys = new Set<string | symbol>(["liveAction"]);

  /** The assigns for `render` and layout, with note taken of what they read. */
  track<Assigns extends object>(assigns: Assigns): Assigns {
    return new Proxy(assigns, {
      get: (target, key) => {
        this.#keys.add(key);
        return Reflect.get(target, key);
      },
    });
  }

  /** Whether, of the changed assigns, the templates read none but those that are this very value. */
  dependOnlyOn(
    value: unknown,
    changed: Iterable<string>,
    assigns: Readonly<Record<string, unknown>>,
  ): boolean {
    for (const key of changed) if (this.#keys.has(key) && assigns[key] !== value) return false;
    return true;
  }
}
