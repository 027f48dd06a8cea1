import { LiveError } from "../live-error.js";
import type { Hook, Stage } from "./hook.js";

/** The hooks attached to a socket, by stage, in the order they run. Never changed, only replaced. */
export type AttachedHooks = Readonly<Record<Stage, readonly Hook[]>>;

/** What a socket begins with. */
export const noHooks: AttachedHooks = Object.freeze({
  handleParams: [],
  handleEvent: [],
  handleInfo: [],
  handleAsync: [],
  afterRender: [],
});

/**
 * The hooks with one more, at the end of its stage.
 *
 * @throws LiveError `LIVE_ERR_HOOK_ID` when the id is no text or attached to the stage already,
 *   `LIVE_ERR_HOOK_FUNCTION` when there is nothing to run
 */
export function attachHook(
  hooks: AttachedHooks,
  id: unknown,
  stage: Stage,
  run: unknown,
): AttachedHooks {
  if (typeof id !== "string" || id === "") {
    throw new LiveError("LIVE_ERR_HOOK_ID", `invalid id of a hook on ${stage}`, {
      expected: "a text",
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
    throw new LiveError("LIVE_ERR_HOOK_ID", `existing hook "${id}" already attached on ${stage}`);
  }
  return { ...hooks, [stage]: [...hooks[stage], { id, stage, run: run as Hook["run"] }] };
}

/** The hooks without one of a stage; the same when it is not attached. */
export function detachHook(hooks: AttachedHooks, id: string, stage: Stage): AttachedHooks {
  const kept = hooks[stage].filter((hook) => hook.id !== id);
  return kept.length < hooks[stage].length ? { ...hooks, [stage]: kept } : hooks;
}
