import { debuglog } from "node:util";
import { runCallback } from "../components/component-error.js";
import type { RenderedComponent } from "../components/components.js";
import type { RunningComponent } from "../components/running-component.js";
import type { Keep } from "../declarations/keep.js";
import type { EventHandlers } from "../declarations/live-event.js";
import type { AsyncHandlers } from "../declarations/live-view.js";
import type { AnyOnMount } from "../declarations/on-mount.js";
import { checkParams } from "../declarations/path-params.js";
import { parseEventName } from "../event-target.js";
import { firstUnserializable } from "../json.js";
import { LiveError, quote } from "../live-error.js";
import { isThenable, type MaybePromise, then } from "../maybe-promise.js";
import type { Params } from "../parse-query.js";
import type { MessageId } from "../pub-sub/message-id.js";
import type { AsyncOutcome } from "../socket/async-result.js";
import type { AttachedHooks, Hook } from "../socket/attached-hooks.js";
import type { MountContext, StageContexts } from "../socket/contexts.js";
import { callInfoHandlers, unhandled } from "../socket/info-handler.js";
import { nothingKept } from "../socket/kept-assigns.js";
import { isDestination } from "../socket/navigation.js";
import { Cont, Halt, Reply } from "../socket/outcome.js";
import type { Socket } from "../socket/socket.js";
import type { Stage } from "../socket/stage.js";
import { channels, isTraced, trace, traceOf } from "../tracing/tracing.js";
import type { UploadStates, Uploads } from "../uploads/upload.js";
import type { ViewSocket } from "./view-socket.js";

type AsyncContext = StageContexts["handleAsync"] & { readonly uploads: UploadStates<Uploads> };

const logInfo = debuglog("live:info");

/** The arguments of a mount. */
export interface MountInput {
  readonly params: Params;
  readonly session: Readonly<Record<string, unknown>>;
}

/**
 * Mounts a view: runs the live session's on-mount hooks, the view's own hooks, `mount`, and `handleParams` with
 * its hooks, in this order. The disconnected mount, the connected mount, live navigation and the test kit all
 * call this function; there is no other way to mount a view.
 *
 * It stops early when a callback navigates; the caller finds the navigation in the socket. A nested view has no URL, so
 * `handleParams` does not run for it.
 */
export function mount(socket: ViewSocket, input: MountInput): Promise<void> {
  return isTraced(channels.mount) ? traceMount(socket, input) : runMount(socket, input);
}

async function traceMount(socket: ViewSocket, input: MountInput): Promise<void> {
  const message = traceOf(socket);
  const outcomeOf = () => (socket.navigation ? "redirect" : "ok");
  const mounted = trace(channels.mount, message, () => runMount(socket, input), outcomeOf);
  socket.traceparent = message.traceparent;
  await mounted;
}

async function runMount(socket: ViewSocket, { params, session }: MountInput): Promise<void> {
  const { definition, keep } = socket.view;
  if (keep) await prepareKept(socket, keep);
  const input = { params, session, socket };
  const continues = runMountHooks(socket.onMount, 0, input);
  if (!(isThenable(continues) ? await continues : continues)) return;
  socket.keepScope = "view";
  if (definition.provide) socket.provideAll(definition.provide);
  const checked = checkParams(definition.params, params);
  const ownParams = isThenable(checked) ? await checked : checked;
  const result = definition.mount?.({
    params: ownParams,
    session,
    socket,
    kept: keptFor(socket),
    uploads: uploadsOf(socket),
  });
  const options = isThenable(result) ? await result : result;
  applyViewResult(socket, options);
  socket.mounted();
  prepareUnmount(socket);
  if (socket.navigation) return;
  if (!socket.isNested) {
    const handled = handleParams(socket, params, ownParams);
    if (isThenable(handled)) await handled;
  }
  socket.assertProvided();
}

/** Assigns the assigns and applies the options that `mount` of a view has returned. */
function applyViewResult(socket: ViewSocket, result: unknown): void {
  if (result === undefined) return;
  const where = `${socket.view.name}.mount`;
  const options = result instanceof Cont ? (result.options ?? {}) : result;
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new LiveError("LIVE_ERR_CALLBACK_RETURN", `result of ${where} is invalid`, {
      expected: "undefined, cont({ … }), or an object with layout, temporaryAssigns",
      got: options,
    });
  }
  if (result instanceof Cont && result.assigns)
    socket.assign(result.assigns as Record<string, unknown>);
  socket.applyOptions(options, where);
}

function prepareUnmount(socket: ViewSocket): void {
  const { definition, name } = socket.view;
  if (!definition.unmount) return;
  socket.onUnmount((reason) =>
    then(definition.unmount?.({ reason, socket }), (result) =>
      assertNoResult(name, "unmount", result),
    ),
  );
}

/** Returns the uploads of a view for the arguments of its callbacks. */
const uploadsOf = ({ uploads }: ViewSocket): UploadStates<Uploads> => uploads?.states ?? noUploads;

const noUploads: UploadStates<Uploads> = Object.freeze({});

/** Returns the kept values that the next hook or the view receives: those of each scope get their own. */
const keptFor = ({ kept, keepScope }: ViewSocket): MountContext["kept"] =>
  kept?.returned(keepScope) ?? nothingKept.view;

/** Keeps the assigns of the view, and drops what the browser has sent for them if the schema refuses it. */
async function prepareKept(socket: ViewSocket, { names, schema }: Keep): Promise<void> {
  socket.keepAll(names, "view");
  const { kept } = socket;
  if (!kept || !schema) return;
  const returned = kept.returned("view");
  if (Object.keys(returned).length === 0) return;
  const checked = await schema["~standard"].validate(returned);
  kept.replace("view", checked.issues ? {} : Object(checked.value));
}

/**
 * Runs the on-mount hooks from a position on.
 *
 * @returns whether the mount continues
 */
function runMountHooks(
  hooks: readonly AnyOnMount[],
  start: number,
  input: MountInput & { socket: ViewSocket },
): MaybePromise<boolean> {
  const { socket, params, session } = input;
  const ofSession = socket.route.liveSession.onMount.length;
  for (let i = start; i < hooks.length; i++) {
    const hook = hooks[i] as AnyOnMount;
    socket.keepScope = i < ofSession ? "session" : "view";
    const result = hook.run({ params, session, socket, kept: keptFor(socket) });
    if (isThenable(result)) {
      return result.then(
        (settled) => applyMountResult(socket, hook, settled) && runMountHooks(hooks, i + 1, input),
      );
    }
    if (!applyMountResult(socket, hook, result)) return false;
  }
  return true;
}

/** @returns whether the mount continues */
function applyMountResult(socket: ViewSocket, hook: AnyOnMount, result: unknown): boolean {
  const where = `the hook "${hook.id}" on mount of ${socket.view.name}`;
  if (result instanceof Cont) {
    if (result.assigns) socket.assign(result.assigns as Record<string, unknown>);
    if (result.options) socket.applyOptions(result.options, `the hook "${hook.id}"`);
    if (!socket.navigation) return true;
    throw new LiveError("LIVE_ERR_HALT", `${where} navigates without halting`, {
      expected: "halt(redirect(to)) as its result",
    });
  }
  if (!(result instanceof Halt)) {
    throw new LiveError("LIVE_ERR_HOOK_RETURN", `result of ${where} is invalid`, {
      expected: "one of cont() | cont({ assigns }) | halt(redirect(to)) | halt(navigate(to))",
      got: result,
    });
  }
  if (isDestination(result.with)) socket.requestNavigation(result.with);
  if (socket.navigation) return false;
  throw new LiveError("LIVE_ERR_HALT", `${where} halts without a destination`, {
    expected: "halt(redirect(to)) or halt(navigate(to))",
  });
}

/** Runs the `connected` hooks and the view's callback, when the mounted view has a browser. */
export function connected(
  socket: ViewSocket,
  connectParams: Readonly<Record<string, unknown>> | null,
): MaybePromise<void> {
  const { definition, name } = socket.view;
  socket.beginConnected(connectParams);
  if (!definition.connected && socket.hooks.connected.length === 0) return socket.endConnected();
  const context = { socket, uploads: uploadsOf(socket) };
  const halts = runStage(socket, "connected", context);
  const result = then(halts, (halted) => (halted ? undefined : definition.connected?.(context)));
  return then(result, (returned) => {
    assertNoResult(name, "connected", returned);
    socket.endConnected();
  });
}

/**
 * Runs the `handleParams` hooks and the view's callback, on mount and on every patch.
 *
 * @param checked the params that the schema of the view has validated already
 * @throws NotFoundError (or as rejection) when the schema of the view refuses the params
 */
export function handleParams(
  socket: ViewSocket,
  params: Params,
  checked?: Params,
): MaybePromise<void> {
  return isTraced(channels.params)
    ? trace(channels.params, traceOf(socket), () => runParams(socket, params, checked))
    : runParams(socket, params, checked);
}

function runParams(socket: ViewSocket, params: Params, checked?: Params): MaybePromise<void> {
  const { view, url } = socket;
  const { definition, name } = view;
  const context = { params, url, socket, uploads: uploadsOf(socket) };
  return then(runStage(socket, "handleParams", context), (halted) => {
    if (halted) return;
    return then(checked ?? checkParams(definition.params, params), (ownParams) =>
      then(definition.handleParams?.({ ...context, params: ownParams }), (result) =>
        assertNoResult(name, "handleParams", result),
      ),
    );
  });
}

/**
 * Runs the `handleEvent` hooks and the view's handler of the event.
 *
 * @returns the reply to the browser, if there is one
 * @throws LiveError `LIVE_ERR_UNKNOWN_EVENT` when no hook halted and the view has no such handler
 */
export function handleEvent(
  socket: ViewSocket,
  event: string,
  payload: unknown,
): MaybePromise<Reply | undefined> {
  if (event === "lv:clear-flash") {
    const key = (payload as { key?: unknown } | null)?.key;
    socket.clearFlash(typeof key === "string" ? key : undefined);
    return undefined;
  }
  // Names with this prefix are reserved for the client.
  if (event.startsWith("lv:")) return socket.uploads?.handleEvent(event, payload);
  const { address, name } = parseEventName(event);
  const component = address === "" ? undefined : socket.components?.find(address);
  if (address !== "" && !component) {
    logInfo("%s no longer shows the component of an event", socket.view.name);
    return undefined;
  }
  const ref = component && { name: component.component.name, id: component.id };
  const uploads = uploadsOf(socket);
  const context = { event: name, payload, socket, uploads, component: ref };
  const halted = runStage(socket, "handleEvent", context);
  return isThenable(halted)
    ? halted.then((settled) => handleUnlessHalted(socket, component, context, settled))
    : handleUnlessHalted(socket, component, context, halted);
}

/** Calls the handler of the component or the view, unless a hook has halted. */
function handleUnlessHalted(
  { view }: ViewSocket,
  component: RunningComponent | undefined,
  context: StageContexts["handleEvent"],
  halted: Halt<never> | undefined,
): MaybePromise<Reply | undefined> {
  const { event, payload } = context;
  if (halted) return checkReply(view.name, event, halted.with as Reply | undefined);
  if (component) return handleComponentEvent(component, event, payload);
  return callEventHandler(view.name, view.definition.handleEvent, context);
}

/** Runs the `handleEvent` hooks of a component and its handler of the event. */
function handleComponentEvent(
  { socket, component, label }: RunningComponent,
  event: string,
  payload: unknown,
): MaybePromise<Reply | undefined> {
  const context = { event, payload, socket, uploads: noUploads };
  return runCallback(label, `handleEvent.${event}`, () =>
    then(runStage(socket, "handleEvent", context), (halted) =>
      halted
        ? checkReply(label, event, halted.with as Reply | undefined)
        : callEventHandler(label, component.definition.handleEvent, context),
    ),
  );
}

/** @throws LiveError `LIVE_ERR_PAYLOAD` when the reply would not arrive as it is */
function checkReply(owner: string, event: string, reply: Reply | undefined): Reply | undefined {
  const path = reply && firstUnserializable(reply.value);
  if (path === undefined) return reply;
  throw new LiveError(
    "LIVE_ERR_PAYLOAD",
    `reply of ${owner} to the event ${quote(event)} is not JSON at ${path}`,
    { expected: "JSON values, or objects with toJSON" },
  );
}

/** @param name the view or the component that has the handlers */
function callEventHandler(
  name: string,
  handlers: EventHandlers<object> | undefined,
  context: StageContexts["handleEvent"],
): MaybePromise<Reply | undefined> {
  const { event } = context;
  const handler = handlers && Object.hasOwn(handlers, event) ? handlers[event] : undefined;
  if (!handler) {
    throw new LiveError("LIVE_ERR_UNKNOWN_EVENT", `${name} has no handler for an event`, {
      expected: `one of ${Object.keys(handlers ?? {}).join(", ") || "no events"}`,
      gotText: quote(event),
    });
  }
  const result: unknown = handler(context);
  return isThenable(result)
    ? result.then((settled) => toReply(name, event, settled))
    : toReply(name, event, result);
}

/** Returns what an event handler has returned, if it is valid. */
function toReply(name: string, event: string, result: unknown): Reply | undefined {
  if (result === undefined || result instanceof Reply) return checkReply(name, event, result);
  throw new LiveError(
    "LIVE_ERR_CALLBACK_RETURN",
    `result of ${name}.handleEvent.${event} is invalid`,
    { expected: "undefined, or reply({ … })", got: result },
  );
}

/** Refuses the result of a callback that cannot reply or halt, because its author probably meant to. */
function assertNoResult(
  view: string,
  callback: Exclude<Stage, "afterRender"> | "unmount",
  result: unknown,
): void {
  if (result === undefined) return;
  throw new LiveError("LIVE_ERR_CALLBACK_RETURN", `result of ${view}.${callback} is invalid`, {
    expected: "undefined",
    got: result,
  });
}

/**
 * Runs the `handleInfo` hooks and the view's callback. A message that no hook halts has no effect on a view
 * without the callback, except for a line in the debug log, which does not contain the message.
 */
export function handleInfo(
  socket: ViewSocket,
  message: unknown,
  topic?: string,
  id?: MessageId,
): MaybePromise<void> {
  const { definition, name } = socket.view;
  const context = { message, topic, id, socket };
  return then(runStage(socket, "handleInfo", context), (halted) => {
    if (halted) return;
    return then(callInfoHandlers(definition.handleInfo ?? [], context), (result) => {
      if (result !== unhandled) return assertNoResult(name, "handleInfo", result);
      logInfo("%s has no handleInfo for a message that no hook halted", name);
    });
  });
}

/**
 * Runs the `handleAsync` hooks and the view's callback.
 *
 * @throws the error of the task, when no hook halts and the view has no `handleAsync`
 */
export function handleAsync(
  socket: ViewSocket,
  key: string,
  result: AsyncOutcome,
): MaybePromise<void> {
  const { definition, name } = socket.view;
  const context = { key, result, socket, uploads: uploadsOf(socket) };
  return then(runStage(socket, "handleAsync", context), (halted) => {
    if (halted) return;
    const handler = asyncHandlerOf(definition.handleAsync, key);
    if (handler) {
      return then(handler(context), (returned) => assertNoResult(name, "handleAsync", returned));
    }
    if (!result.ok) throw result.error;
  });
}

function asyncHandlerOf(
  handlers:
    | ((context: AsyncContext) => unknown)
    | AsyncHandlers<object, Pick<AsyncContext, "uploads">>
    | undefined,
  key: string,
): ((context: AsyncContext) => unknown) | undefined {
  if (typeof handlers === "function") return handlers;
  return handlers && Object.hasOwn(handlers, key) ? handlers[key] : undefined;
}

/**
 * Runs the `handleAsync` hooks of a component and its callback.
 *
 * @throws the error of the task, when no hook halts and the component has no `handleAsync`
 */
export function handleComponentAsync(
  { socket, component, label }: RunningComponent,
  key: string,
  result: AsyncOutcome,
): MaybePromise<void> {
  const { handleAsync: handle } = component.definition;
  const context = { key, result, socket };
  return runCallback(label, "handleAsync", () =>
    then(runStage(socket, "handleAsync", context), (halted) => {
      if (halted) return;
      if (handle) {
        return then(handle(context), (returned) => assertNoResult(label, "handleAsync", returned));
      }
      if (!result.ok) throw result.error;
    }),
  );
}

/** Runs the `afterRender` hooks of a connected view. Their assigns are shown by the next render. */
export function afterRender(socket: ViewSocket, changed: ReadonlySet<string>): MaybePromise<void> {
  if (socket.hooks.afterRender.length === 0) return;
  return then(runStage(socket, "afterRender", { socket, changed }), () => {});
}

/** Runs the `afterRender` hooks of components that have been rendered because of a change. */
export function afterComponentsRender(rendered: readonly RenderedComponent[]): MaybePromise<void> {
  const [first, ...rest] = rendered;
  if (!first) return;
  return then(runStage(first.socket, "afterRender", first), () => afterComponentsRender(rest));
}

/** An object with hooks: the socket of a view or of a component. */
interface HookOwner extends Pick<Socket, "assign"> {
  readonly hooks: AttachedHooks;
  readonly navigation?: unknown;
  navigatedBy?: string | undefined;
}

/**
 * Runs the hooks of a stage that are attached now. Hooks that these attach or detach take effect at the next run.
 *
 * @returns the result of the hook that halted, if one did
 */
function runStage<S extends Stage>(
  socket: HookOwner,
  stage: S,
  context: StageContexts[S],
): MaybePromise<Halt<never> | undefined> {
  return runFrom(socket, socket.hooks[stage], 0, context);
}

function runFrom(
  socket: HookOwner,
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

function applyStageResult(socket: HookOwner, hook: Hook, result: unknown): Halt<never> | undefined {
  if (hook.stage === "afterRender" && socket.navigation) socket.navigatedBy ??= hook.id;
  if (result instanceof Cont && !result.options) {
    if (result.assigns) socket.assign(result.assigns as Record<string, unknown>);
    return undefined;
  }
  if (hook.stage === "afterRender" && result === undefined) return undefined;
  if (result instanceof Halt && mayHaltWith(hook.stage, result.with)) return result as Halt<never>;
  throw refuseStageResult(hook, result);
}

function mayHaltWith(stage: Stage, outcome: unknown): boolean {
  if (stage === "afterRender") return false;
  return outcome === undefined || (stage === "handleEvent" && outcome instanceof Reply);
}

function refuseStageResult({ id, stage }: Hook, result: unknown): LiveError {
  const message = `result of the hook "${id}" on ${stage} is invalid`;
  if (stage === "afterRender") {
    return new LiveError("LIVE_ERR_HOOK_RETURN", message, {
      expected: "undefined, cont() or cont({ assigns })",
      got: result,
    });
  }
  const halts = stage === "handleEvent" ? "halt() | halt(reply({ … }))" : "halt()";
  return new LiveError("LIVE_ERR_HOOK_RETURN", message, {
    expected: `one of cont() | cont({ assigns }) | ${halts}`,
    got: result instanceof Halt ? result.with : result,
  });
}
