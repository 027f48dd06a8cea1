import { LiveError } from "../live-error.js";
import type { StageContexts } from "./contexts.js";
import type { Socket } from "./socket.js";
import type { Stage } from "./stage.js";

/** An attached hook. */
export interface Hook<S extends Stage = Stage> {
  readonly id: string;
  readonly stage: S;
  readonly run: (context: StageContexts[S]) => unknown;
}

/** The hooks attached to a socket, by stage and in execution order. The object is replaced, never changed. */
export type AttachedHooks = Readonly<Record<Stage, readonly Hook[]>>;

/** A hook with the socket that it receives in place of the socket of its view. */
export interface HookSocket {
  readonly hook: object;
  readonly socket: Socket;
}

/** The hooks of a new socket. */
export const noHooks: AttachedHooks = Object.freeze({
  connected: [],
  handleParams: [],
  handleEvent: [],
  handleInfo: [],
  handleAsync: [],
  afterRender: [],
});

/**
 * Returns the hooks with one more at the end of its stage.
 *
 * @throws LiveError `LIVE_ERR_HOOK_ID` when the id is not a string or is already attached to the stage,
 *   `LIVE_ERR_HOOK_FUNCTION` when `run` is not a function
 */
export function attachHook(
  hooks: AttachedHooks,
  id: unknown,
  stage: Stage,
  run: unknown,
): AttachedHooks {
  if (typeof id !== "string" || id === "") {
    throw new LiveError("LIVE_ERR_HOOK_ID", `id of a hook on ${stage} is invalid`, {
      expected: "a non-empty string",
      got: id,
    });
  }
  if (typeof run !== "function") {
    throw new LiveError("LIVE_ERR_HOOK_FUNCTION", `the hook "${id}" on ${stage} has no callback`, {
      expected: "a function",
      got: run,
    });
  }
  return add(hooks, { id, stage, run: run as Hook["run"] });
}

function add(hooks: AttachedHooks, hook: Hook): AttachedHooks {
  const { id, stage } = hook;
  if (hooks[stage].some((other) => other.id === id)) {
    throw new LiveError("LIVE_ERR_HOOK_ID", `the hook "${id}" is already attached on ${stage}`);
  }
  // Unlike a spread, concat reserves no room for more hooks, in every view.
  return { ...hooks, [stage]: hooks[stage].concat(hook) };
}

/** The hooks that many sockets have attached in the same order, so that they share one object. */
const shared = new WeakSet<AttachedHooks>([noHooks]);

/** Hooks of several stages that are attached to the sockets of many views. */
export class StageHooks {
  readonly #hooks: readonly Hook[];
  /** The results, by what was attached before. */
  readonly #results = new WeakMap<AttachedHooks, AttachedHooks>();

  constructor(hooks: readonly Hook[]) {
    this.#hooks = hooks;
  }

  /**
   * Returns attached hooks with these at the end of their stages.
   *
   * @throws LiveError `LIVE_ERR_HOOK_ID` when one of the ids is already attached to its stage
   */
  attachTo(hooks: AttachedHooks): AttachedHooks {
    if (this.#hooks.length === 0) return hooks;
    const known = this.#results.get(hooks);
    if (known) return known;
    const attached = this.#hooks.reduce(add, hooks);
    // The others differ from view to view, so keeping them would only cost memory.
    if (shared.has(hooks)) {
      shared.add(attached);
      this.#results.set(hooks, attached);
    }
    return attached;
  }
}

/** Returns the hooks without one of a stage, or the same object if that hook is not attached. */
export function detachHook(hooks: AttachedHooks, id: string, stage: Stage): AttachedHooks {
  const kept = hooks[stage].filter((hook) => hook.id !== id);
  return kept.length < hooks[stage].length ? { ...hooks, [stage]: kept } : hooks;
}
