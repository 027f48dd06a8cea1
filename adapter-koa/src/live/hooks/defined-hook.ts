import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { EventHandlers } from "../declarations/live-event.js";
import { LiveError } from "../live-error.js";
import { type MaybePromise, then } from "../maybe-promise.js";
import type { AsyncOutcome } from "../socket/async-result.js";
import { type Hook, StageHooks } from "../socket/attached-hooks.js";
import type { MountContext, StageContexts } from "../socket/contexts.js";
import { callInfoHandlers, type InfoHandler, unhandled } from "../socket/info-handler.js";
import { reloadedScope } from "../socket/kept-assigns.js";
import { cont, Halt, halt, Reply } from "../socket/outcome.js";
import type { Socket } from "../socket/socket.js";
import type { Stage } from "../socket/stage.js";
import type { UnmountContext } from "../socket/unmount.js";
import {
  createHookSocket,
  type HookHost,
  type HookReceivers,
  hookSocketOf,
} from "./hook-socket.js";

/** The definition of a hook, without its types. */
export interface AnyHookDefinition {
  readonly keep?:
    | readonly string[]
    | {
        readonly assigns: readonly string[];
        readonly schema?: StandardSchemaV1;
        readonly reload?: boolean;
      };
  readonly provide?: readonly string[];
  readonly handleEvent?: EventHandlers<object>;
  mount?(context: MountContext): unknown;
  connected?(context: StageContexts["connected"]): unknown;
  handleParams?(context: StageContexts["handleParams"]): unknown;
  readonly handleInfo?: InfoHandler | readonly InfoHandler[];
  handleAsync?(context: StageContexts["handleAsync"]): unknown;
  afterRender?(context: StageContexts["afterRender"]): unknown;
  unmount?(context: UnmountContext): unknown;
}

/** A hook of `defineHook`. It creates as little as possible for each view, because it runs at every mount. */
export class DefinedHook implements HookReceivers {
  readonly id: string;
  readonly #definition: AnyHookDefinition;
  readonly #stages: StageHooks;

  constructor(id: string, definition: AnyHookDefinition) {
    this.id = id;
    this.#definition = definition;
    this.#stages = new StageHooks(toStageHooks(this, definition));
  }

  get receivesInfo(): boolean {
    return this.#definition.handleInfo !== undefined;
  }

  get receivesAsync(): boolean {
    return this.#definition.handleAsync !== undefined;
  }

  /**
   * Runs before the mount of a view: attaches the stages that the hook handles, and calls its `mount`.
   *
   * @returns the result of an on-mount hook
   */
  run(context: MountContext): MaybePromise<unknown> {
    const definition = this.#definition;
    const host = context.socket as HookHost;
    const socket = createHookSocket(host, this);
    host.hooks = this.#stages.attachTo(host.hooks);
    return then(takeKept(host, definition.keep), (kept) =>
      then(definition.mount?.({ ...context, kept, socket }), (result) => {
        if (result instanceof Halt) return result;
        if (definition.provide) socket.provide(...definition.provide);
        if (definition.unmount) {
          host.onUnmount((reason) =>
            then(definition.unmount?.({ reason, socket }), (returned) =>
              assertNoResult(this.id, "unmount", returned),
            ),
          );
        }
        return result === undefined ? cont() : result;
      }),
    );
  }

  handleInfo(
    socket: Socket,
    message: unknown,
    topic: string | undefined,
    id: string | undefined,
  ): MaybePromise<void> {
    const { handleInfo = [] } = this.#definition;
    return then(callInfoHandlers(handleInfo, { message, topic, id, socket }), (result) => {
      if (result !== unhandled) assertNoResult(this.id, "handleInfo", result);
    });
  }

  handleAsync(socket: Socket, key: string, result: AsyncOutcome): MaybePromise<void> {
    return then(this.#definition.handleAsync?.({ key, result, socket }), (returned) =>
      assertNoResult(this.id, "handleAsync", returned),
    );
  }
}

const orCont = (result: unknown) => (result === undefined ? cont() : result) as never;

/** Returns what the hook attaches to the socket of each view. */
function toStageHooks(hook: DefinedHook, definition: AnyHookDefinition): readonly Hook[] {
  const { id } = hook;
  const { connected, handleEvent, handleParams, afterRender } = definition;
  const own = <Context extends { readonly socket: Socket }>(context: Context): Context => ({
    ...context,
    socket: hookSocketOf(context.socket as HookHost, hook),
  });
  const hooks: Hook[] = [];
  const add = <S extends Stage>(stage: S, run: Hook<S>["run"]) =>
    hooks.push({ id, stage, run: run as Hook["run"] });
  if (connected)
    add("connected", (context) => then(connected.call(definition, own(context)), orCont));
  if (handleParams)
    add("handleParams", (context) => then(handleParams.call(definition, own(context)), orCont));
  if (handleEvent) {
    add("handleEvent", (context) => {
      const { event, component } = context;
      const handler = Object.hasOwn(handleEvent, event) ? handleEvent[event] : undefined;
      if (!handler || component) return cont();
      return then<unknown, Halt | Halt<Reply>>(handler(own(context)), (result) => {
        if (result instanceof Reply) return halt(result);
        assertNoResult(id, `handleEvent.${event}`, result, "undefined, or reply({ … })");
        return halt();
      });
    });
  }
  if (afterRender) add("afterRender", (context) => afterRender.call(definition, own(context)));
  return hooks;
}

/** Keeps the assigns of a hook, and returns the values that the browser has sent, if the schema accepts them. */
function takeKept(
  host: HookHost,
  keep: AnyHookDefinition["keep"],
): MaybePromise<Readonly<Record<string, unknown>>> {
  if (!keep) return {};
  const { assigns, schema, reload } =
    "assigns" in keep ? keep : { assigns: keep, schema: undefined, reload: false };
  if (reload) host.keepScope = reloadedScope(host.keepScope);
  host.keepAll(assigns, host.keepScope);
  const { kept, keepScope } = host;
  const returned = kept?.returnedFor(assigns, keepScope) ?? {};
  if (!schema || Object.keys(returned).length === 0) return returned;
  return then(schema["~standard"].validate(returned), (checked) => {
    const values: Readonly<Record<string, unknown>> = checked.issues ? {} : Object(checked.value);
    kept?.replaceFor(assigns, keepScope, values);
    return values;
  });
}

function assertNoResult(
  id: string,
  callback: string,
  result: unknown,
  expected = "undefined",
): void {
  if (result === undefined) return;
  throw new LiveError(
    "LIVE_ERR_CALLBACK_RETURN",
    `result of ${callback} of the hook "${id}" is invalid`,
    { expected, got: result },
  );
}
