import { firstNonJson } from "../json.js";
import { LiveError } from "../live-error.js";

/** Values of assigns by name. */
type Values = Readonly<Record<string, unknown>>;

/**
 * How long kept assigns live: those of a `view` until its user leaves it, those of the live session's hooks (`session`)
 * until its user leaves the live session.
 */
export type KeepScope = "view" | "session";

/** The values of kept assigns, by scope. */
export type KeptValues = Readonly<Record<KeepScope, Values>>;

/** No kept assigns. */
export const nothingKept: KeptValues = Object.freeze({
  view: Object.freeze({}),
  session: Object.freeze({}),
});

/** The assigns that a view and its hooks keep in the browser, and their values that the browser has returned. */
export class KeptAssigns {
  #returned: KeptValues;
  readonly #scopes = new Map<string, KeepScope>();

  /** @param returned the values that the browser has sent with its join */
  constructor(returned: KeptValues = nothingKept) {
    this.#returned = returned;
  }

  /** Keeps assigns from now on. A name that is kept already stays in its scope. */
  add(names: readonly string[], scope: KeepScope): void {
    for (const name of names) if (!this.#scopes.has(name)) this.#scopes.set(name, scope);
  }

  /** Returns the values that the browser has sent. */
  returned(scope: KeepScope): Values {
    return this.#returned[scope];
  }

  /** Replaces the values of a scope by those that a schema has returned. */
  replace(scope: KeepScope, values: Values): void {
    this.#returned = { ...this.#returned, [scope]: values };
  }

  /** Returns the values of some assigns that the browser has sent. */
  returnedFor(names: readonly string[], scope: KeepScope): Values {
    const values = this.#returned[scope];
    return Object.fromEntries(
      names.filter((name) => Object.hasOwn(values, name)).map((name) => [name, values[name]]),
    );
  }

  /** Replaces the values of some assigns by those that a schema has returned. */
  replaceFor(names: readonly string[], scope: KeepScope, values: Values): void {
    const others = Object.entries(this.#returned[scope]).filter(([name]) => !names.includes(name));
    this.replace(scope, { ...Object.fromEntries(others), ...values });
  }

  /** Whether the browser has sent a value of an assign that is kept. */
  has(name: string): boolean {
    const scope = this.#scopes.get(name);
    return scope !== undefined && Object.hasOwn(this.#returned[scope], name);
  }

  /** Returns the value that the browser has sent. */
  get(name: string): unknown {
    return this.#returned[this.#scopes.get(name) ?? "view"][name];
  }

  /** Whether one of the changed assigns is kept. */
  includeAny(changed: ReadonlySet<string>): boolean {
    for (const name of this.#scopes.keys()) if (changed.has(name)) return true;
    return false;
  }

  /**
   * Returns the present values of the kept assigns; `undefined` if none are kept.
   *
   * @throws LiveError `LIVE_ERR_KEEP` when a value is not JSON
   */
  collect(assigns: Values, view: string): KeptValues | undefined {
    if (this.#scopes.size === 0) return undefined;
    const values: Record<KeepScope, Record<string, unknown>> = { view: {}, session: {} };
    for (const [name, scope] of this.#scopes) {
      const value = assigns[name];
      if (value === undefined) continue;
      const path = firstNonJson(value, name);
      if (path !== undefined) {
        throw new LiveError("LIVE_ERR_KEEP", `the assign "${name}" kept by ${view} is not JSON`, {
          expected: `JSON at ${path}`,
        });
      }
      values[scope][name] = value;
    }
    return values;
  }
}
