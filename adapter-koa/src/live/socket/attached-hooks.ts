import { LiveError } from "../live-error.js";
import type { StageContexts } from "./contexts.js";
import type { Stage } from "./stage.js";

/** An attached hook. */
export interface Hook<S extends Stage = Stage> {
  readonly id: string;
  readonly stage: S;
  readonly run: (context: StageContexts[S]) => unknown;
}

/** The hooks attached to a socket, by stage and in execution order. The object is replaced, never changed. */
export type AttachedHooks = Readonly<Record<Stage, readonly Hook[]>>;

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
  if (hooks[stage].some((hook) => hook.id === id)) {
    throw new LiveError("LIVE_ERR_HOOK_ID", `the hook "${id}" is already attached on ${stage}`);
  }
  // Unlike a spread, concat reserves no room for more hooks, in every view.
  return { ...hooks, [stage]: hooks[stage].concat({ id, stage, run: run as Hook["run"] }) };
}

/** Returns the hooks without one of a stage, or the same object if that hook is not attached. */
export function detachHook(hooks: AttachedHooks, id: string, stage: Stage): AttachedHooks {
  const kept = hooks[stage].filter((hook) => hook.id !== id);
  return kept.length < hooks[stage].length ? { ...hooks, [stage]: kept } : hooks;
}
