import { debuglog } from "node:util";
import type { AnyOnMount, MountContext } from "../declarations/on-mount.js";
import { LiveError, quote } from "../live-error.js";
import { isThenable, type MaybePromise, then } from "../maybe-promise.js";
import type { Params } from "../parse-query.js";
import {
  type AsyncOutcome,
  Cont,
  Halt,
  type Hook,
  Reply,
  type Stage,
  type StageContexts,
} from "../socket/hook.js";
import { isDestination } from "../socket/navigation.js";
import { type Socket, stateOf } from "../socket/socket.js";

const tellOfInfo = debuglog("live:info");

/** What a mount is run with. */
export interface MountInput {
  readonly params: Params;
  readonly session: Readonly<Record<string, unknown>>;
}

/**
 * Mounts a view: the live session's on-mount hooks in order, the view's own, then `mount`, then
 * `handleParams` with its hooks. The disconnected mount, the connected mount, live navigation and the
 * test kit all run this; there is no other way to a mounted view.
 *
 * It stops early when the socket is to go elsewhere, which the caller finds in the socket's state.
 */
export async function mount(socket: Socket, { params, session }: MountInput): Promise<void> {
  const state = stateOf(socket);
  const context: MountContext = { params, session, socket };
  for (const hook of state.onMount) {
    const result = hook.run(context);
    if (!applyMountResult(socket, hook, isThenable(result) ? await result : result)) return;
  }
  const { definition, name } = state.view;
  if (definition.provide) state.provide(definition.provide);
  const result = definition.mount?.(context);
  const options = isThenable(result) ? await result : result;
  if (options !== undefined) {
    if (typeof options !== "object" || options === null || Array.isArray(options)) {
      throw new LiveError(
        "LIVE_ERR_CALLBACK_RETURN",
        `invalid result returned from ${name}.mount`,
        {
          expected: "nothing, or options: { layout, temporaryAssigns }",
          got: options,
        },
      );
    }
    state.takeOptions(options, `${name}.mount`);
  }
  state.mounted();
  if (!state.navigation) await handleParams(socket, params);
}

/** @returns whether the mount goes on */
function applyMountResult(socket: Socket, hook: AnyOnMount, result: unknown): boolean {
  const state = stateOf(socket);
  const where = `the hook "${hook.id}" for lifecycle stage mount of ${state.view.name}`;
  if (result instanceof Cont) {
    if (result.assigns) state.assign(result.assigns as Record<string, unknown>);
    if (result.options) state.takeOptions(result.options, `the hook "${hook.id}"`);
    if (!state.navigation) return true;
    throw new LiveError("LIVE_ERR_HALT", `${where} attempted to redirect without halting`, {
      expected: "return halt(redirect(to))",
    });
  }
  if (!(result instanceof Halt)) {
    throw new LiveError("LIVE_ERR_HOOK_RETURN", `invalid return from ${where}`, {
      expected: "one of cont() | cont({ assigns }) | halt(redirect(to)) | halt(navigate(to))",
      got: result,
    });
  }
  if (isDestination(result.with)) state.go(result.with);
  if (state.navigation) return false;
  throw new LiveError("LIVE_ERR_HALT", `${where} attempted to halt without redirecting`, {
    expected: "halt(redirect(to)) or halt(navigate(to))",
  });
}

/** Runs the `handleParams` hooks and the view's callback, on mount and on every patch. */
export function handleParams(socket: Socket, params: Params): MaybePromise<void> {
  const { view, url } = stateOf(socket);
  const context = { params, url, socket };
  return then(runStage(socket, "handleParams", context), (halted) => {
    if (halted || !view.definition.handleParams) return;
    return then(view.definition.handleParams(context), (result) =>
      checkNothing(view.name, "handleParams", result),
    );
  });
}

/**
 * Runs the `handleEvent` hooks and the view's handler of the event.
 *
 * @returns the answer for the browser, if there is one
 * @throws LiveError `LIVE_ERR_UNKNOWN_EVENT` when no hook halted and the view has no such handler
 */
export function handleEvent(
  socket: Socket,
  event: string,
  payload: unknown,
): MaybePromise<Reply | undefined> {
  if (event === "lv:clear-flash") {
    clearFlashEvent(socket, payload);
    return undefined;
  }
  const context = { event, payload, socket };
  return then(runStage(socket, "handleEvent", context), (halted) => {
    if (halted) return halted.with as Reply | undefined;
    return callEventHandler(socket, context);
  });
}

function clearFlashEvent(socket: Socket, payload: unknown): void {
  const key = (payload as { key?: unknown } | null)?.key;
  stateOf(socket).clearFlash(typeof key === "string" ? key : undefined);
}

function callEventHandler(
  socket: Socket,
  context: StageContexts["handleEvent"],
): MaybePromise<Reply | undefined> {
  const { name, definition } = stateOf(socket).view;
  const handlers = definition.handleEvent;
  const handler =
    handlers && Object.hasOwn(handlers, context.event) ? handlers[context.event] : undefined;
  if (!handler) {
    throw new LiveError(
      "LIVE_ERR_UNKNOWN_EVENT",
      `${name} has no handler for an event that no hook halted`,
      {
        expected: `one of ${Object.keys(handlers ?? {}).join(", ") || "no event at all"}`,
        gotText: quote(context.event),
      },
    );
  }
  return then(handler(context), (result) => checkReply(name, context, result));
}

function checkReply(
  view: string,
  { event }: { readonly event: string },
  result: unknown,
): Reply | undefined {
  if (result === undefined || result instanceof Reply) return result;
  throw new LiveError(
    "LIVE_ERR_CALLBACK_RETURN",
    `invalid return from ${view}.handleEvent.${event}`,
    {
      expected: "nothing, or reply({ … })",
      got: result,
    },
  );
}

/** A callback that returns something most likely means to reply or to halt, which it cannot. */
function checkNothing(
  view: string,
  callback: Exclude<Stage, "afterRender">,
  result: unknown,
): void {
  if (result === undefined) return;
  throw new LiveError(
    "LIVE_ERR_CALLBACK_RETURN",
    `invalid result returned from ${view}.${callback}`,
    {
      expected: "nothing",
      got: result,
    },
  );
}

/**
 * Runs the `handleInfo` hooks and the view's callback. A message that no hook halts has no effect on a view
 * without the callback, but for a line of the debug log, which does not show it.
 */
export function handleInfo(socket: Socket, message: unknown): MaybePromise<void> {
  const { definition, name } = stateOf(socket).view;
  const context = { message, socket };
  return then(runStage(socket, "handleInfo", context), (halted) => {
    if (halted) return;
    if (!definition.handleInfo) {
      tellOfInfo("%s has no handleInfo for a message that no hook halted", name);
      return;
    }
    return then(definition.handleInfo(context), (result) =>
      checkNothing(name, "handleInfo", result),
    );
  });
}

/**
 * Runs the `handleAsync` hooks and the view's callback.
 *
 * @throws whatever the task threw, when neither a hook halts nor the view handles outcomes
 */
export function handleAsync(socket: Socket, key: string, result: AsyncOutcome): MaybePromise<void> {
  const { definition, name } = stateOf(socket).view;
  const context = { key, result, socket };
  return then(runStage(socket, "handleAsync", context), (halted) => {
    if (halted) return;
    if (definition.handleAsync) {
      return then(definition.handleAsync(context), (returned) =>
        checkNothing(name, "handleAsync", returned),
      );
    }
    if (!result.ok) throw result.error;
  });
}

/** Runs the `afterRender` hooks of a connected view; what they assign shows with the next render. */
export function afterRender(socket: Socket, changed: ReadonlySet<string>): MaybePromise<void> {
  if (stateOf(socket).hooks.afterRender.length === 0) return;
  return then(runStage(socket, "afterRender", { socket, changed }), () => {});
}

/** Runs a stage's hooks as they are attached now; what hooks attach or detach holds from the next run. */
function runStage<S extends Stage>(
  socket: Socket,
  stage: S,
  context: StageContexts[S],
): MaybePromise<Halt<never> | undefined> {
  return runFrom(socket, stateOf(socket).hooks[stage], 0, context);
}

function runFrom(
  socket: Socket,
  hooks: readonly Hook[],
  start: number,
  context: StageContexts[Stage],
): MaybePromise<Halt<never> | undefined> {
  for (let i = start; i < hooks.length; i++) {
    const hook = hooks[i] as Hook;
    const result = hook.run(context as StageContexts[Stage] & never);
    if (isThenable(result)) {
      return result.then(
        (settled) =>
          applyStageResult(socket, hook, settled) ?? runFrom(socket, hooks, i + 1, context),
      );
    }
    const halted = applyStageResult(socket, hook, result);
    if (halted) return halted;
  }
  return undefined;
}

function applyStageResult(
  socket: Socket,
  { id, stage }: Hook,
  result: unknown,
): Halt<never> | undefined {
  const where = `from hook "${id}" for lifecycle stage ${stage}`;
  if (result instanceof Cont && !result.options) {
    if (result.assigns) stateOf(socket).assign(result.assigns as Record<string, unknown>);
    return undefined;
  }
  if (stage === "afterRender") {
    if (result === undefined) return undefined;
    throw new LiveError("LIVE_ERR_HOOK_RETURN", `invalid return ${where}`, {
      expected: "nothing, cont() or cont({ assigns })",
      got: result,
    });
  }
  const replies = stage === "handleEvent";
  if (
    result instanceof Halt &&
    (result.with === undefined || (replies && result.with instanceof Reply))
  ) {
    return result as Halt<never>;
  }
  throw new LiveError("LIVE_ERR_HOOK_RETURN", `invalid return ${where}`, {
    expected: `one of cont() | cont({ assigns }) | halt()${replies ? " | halt(reply({ … }))" : ""}`,
    got: result instanceof Halt ? result.with : result,
  });
}
