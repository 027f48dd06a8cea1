import { nanoid } from "nanoid";
import { firstNonJson } from "../json.js";
import { LiveError } from "../live-error.js";

/** Values of assigns by name. */
type Values = Readonly<Record<string, unknown>>;

/**
 * How long kept assigns live: those of a `view` until its user leaves it, those of the live session's hooks (`session`)
 * until its user leaves the live session. Those of hooks with the option `reload` have scopes of their own, because
 * they also survive a reload.
 */
export type KeepScope = "view" | "session" | ReloadScope;

/** The scopes of the hooks with the option `reload`. */
export type ReloadScope = "reloadedView" | "reloadedSession";

/** The values of kept assigns, by scope. */
export type KeptValues = Readonly<
  Record<"view" | "session", Values> & Partial<Record<ReloadScope, Values>>
>;

/** Returns the scope of a hook with the option `reload`. */
export const reloadedScope = (scope: KeepScope): ReloadScope =>
  scope === "view" || scope === "reloadedView" ? "reloadedView" : "reloadedSession";

/** No kept assigns. */
export const nothingKept: KeptValues = Object.freeze({
  view: Object.freeze({}),
  session: Object.freeze({}),
});

/** The entry of the kept values that contains the positions in numbered topics. No assign has this name. */
const positionsKey = "@topics";

/** The entry that contains the values of components. It belongs to the scope of the view. */
const componentsKey = "@components";

/** The entry that contains the id with which the view sends messages. It belongs to the scope of the live session. */
const senderKey = "@sender";

/** The id of the last message that a view has handled, by topic. */
type Positions = Readonly<Record<string, string>>;

/** Assigns that are kept in the same scope. Views share the names of a declaration, so this takes less memory than a map. */
interface KeptList {
  readonly names: readonly string[];
  readonly scope: KeepScope;
}

const nothing: Readonly<Record<string, never>> = Object.freeze({});

/** The assigns that a view and its hooks keep in the browser, and their values that the browser has returned. */
export class KeptAssigns {
  #returned: KeptValues = nothingKept;
  /** The values of components that the browser has sent, by component. */
  readonly components: Readonly<Record<string, unknown>> = nothing;
  #lists: readonly KeptList[] = [];
  readonly #returnedPositions: Positions = nothing;
  #sender: string | undefined;
  #positions: Readonly<Partial<Record<KeepScope, Positions>>> = nothing;
  #hasMoved = false;

  /** @param returned the values that the browser has sent with its join */
  constructor(returned?: KeptValues) {
    if (!returned) return;
    const { view, session, reloadedView = {}, reloadedSession = {} } = returned;
    this.#returned = {
      view: withoutEntries(view),
      session: withoutEntries(session),
      reloadedView: withoutEntries(reloadedView),
      reloadedSession: withoutEntries(reloadedSession),
    };
    this.components = Object(view[componentsKey]);
    const sender = session[senderKey];
    this.#sender = typeof sender === "string" ? sender : undefined;
    const positions = [session, reloadedSession, view, reloadedView].map(
      (values) => values[positionsKey],
    );
    this.#returnedPositions = Object.assign({}, ...positions);
  }

  /** Returns the id of the last message of a topic that the view had handled before it was joined again. */
  returnedPosition(topic: string): string | undefined {
    return Object.hasOwn(this.#returnedPositions, topic)
      ? this.#returnedPositions[topic]
      : undefined;
  }

  /** Identifies the messages that the page has sent, including those from before its view was joined again. */
  get sender(): string {
    this.#sender ??= nanoid();
    return this.#sender;
  }

  /** Keeps the id of the last message of a topic that the view has handled. */
  moveTo(topic: string, id: string, scope: KeepScope): void {
    this.#positions = {
      ...this.#positions,
      [scope]: { ...this.#positions[scope], [topic]: id },
    };
    this.#hasMoved = true;
  }

  /** Removes the id of a topic. */
  forget(topic: string, scope: KeepScope): void {
    const { [topic]: _, ...others } = this.#positions[scope] ?? {};
    this.#positions = { ...this.#positions, [scope]: others };
    this.#hasMoved = true;
  }

  /** Keeps assigns from now on. A name that is kept already stays in its scope. */
  add(names: readonly string[], scope: KeepScope): void {
    const isNew = (name: string) => this.#scopeOf(name) === undefined;
    const added = names.every(isNew) ? names : names.filter(isNew);
    if (added.length > 0) this.#lists = this.#lists.concat({ names: added, scope });
  }

  /** Returns the scope of an assign; `undefined` if it is not kept. */
  #scopeOf(name: string): KeepScope | undefined {
    return this.#lists.find(({ names }) => names.includes(name))?.scope;
  }

  /** Returns the values that the browser has sent. */
  returned(scope: KeepScope): Values {
    return this.#returned[scope] ?? {};
  }

  /** Replaces the values of a scope with those that a schema has returned. */
  replace(scope: KeepScope, values: Values): void {
    this.#returned = { ...this.#returned, [scope]: values };
  }

  /** Returns the values of some assigns that the browser has sent. */
  returnedFor(names: readonly string[], scope: KeepScope): Values {
    const values = this.returned(scope);
    return Object.fromEntries(
      names.filter((name) => Object.hasOwn(values, name)).map((name) => [name, values[name]]),
    );
  }

  /** Replaces the values of some assigns with those that a schema has returned. */
  replaceFor(names: readonly string[], scope: KeepScope, values: Values): void {
    const others = Object.entries(this.returned(scope)).filter(([name]) => !names.includes(name));
    this.replace(scope, { ...Object.fromEntries(others), ...values });
  }

  /** Whether the browser has sent a value of an assign that is kept. */
  has(name: string): boolean {
    const scope = this.#scopeOf(name);
    return scope !== undefined && Object.hasOwn(this.returned(scope), name);
  }

  /** Returns the value that the browser has sent. */
  get(name: string): unknown {
    return this.returned(this.#scopeOf(name) ?? "view")[name];
  }

  /** Whether one of the changed assigns is kept, or a position has changed since the last call of `collect`. */
  includeAny(changed: ReadonlySet<string>): boolean {
    if (this.#hasMoved) return true;
    for (const { names } of this.#lists)
      for (const name of names) if (changed.has(name)) return true;
    return false;
  }

  /**
   * Returns the present values of the kept assigns and the positions; `undefined` if there are none.
   *
   * @param components the values that components keep; `undefined` if none does
   * @throws LiveError `LIVE_ERR_KEEP` when a value is not JSON
   */
  collect(assigns: Values, view: string, components?: Values): KeptValues | undefined {
    if (this.#lists.length === 0 && !this.#hasMoved && !components) return undefined;
    this.#hasMoved = false;
    const values: Record<"view" | "session", Record<string, unknown>> &
      Partial<Record<ReloadScope, Record<string, unknown>>> = {
      view: this.#withPositions("view"),
      session: {
        ...this.#withPositions("session"),
        ...(this.#sender !== undefined && { [senderKey]: this.#sender }),
      },
    };
    for (const { names, scope } of this.#lists) {
      // Also without a value: the browser must no longer have the former one.
      values[scope] ??= this.#withPositions(scope);
      for (const name of names) {
        const value = assigns[name];
        if (value === undefined) continue;
        assertJson(name, value, view);
        values[scope][name] = value;
      }
    }
    if (components) {
      for (const [name, value] of Object.entries(components)) assertJson(name, value, view);
      values.view[componentsKey] = components;
    }
    return values;
  }

  #withPositions(scope: KeepScope): Record<string, unknown> {
    const positions = this.#positions[scope] ?? {};
    return Object.keys(positions).length > 0 ? { [positionsKey]: positions } : {};
  }
}

/** Returns the values of assigns, without the other entries. */
const withoutEntries = ({
  [positionsKey]: _positions,
  [componentsKey]: _components,
  [senderKey]: _sender,
  ...values
}: Values): Values => values;

function assertJson(name: string, value: unknown, view: string): void {
  const path = firstNonJson(value, name);
  if (path === undefined) return;
  throw new LiveError("LIVE_ERR_KEEP", `the assign "${name}" kept by ${view} is not JSON`, {
    expected: `JSON at ${path}`,
  });
}
