import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { EventHandlers } from "../declarations/live-event.js";
import { LiveError } from "../live-error.js";
import { type MaybePromise, then } from "../maybe-promise.js";
import type { MountContext, StageContexts } from "../socket/contexts.js";
import { callInfoHandlers, type InfoHandler, unhandled } from "../socket/info-handler.js";
import { reloadedScope } from "../socket/kept-assigns.js";
import { cont, Halt, halt, Reply } from "../socket/outcome.js";
import type { Socket } from "../socket/socket.js";
import type { UnmountContext } from "../socket/unmount.js";
import { type HookHost, toHookSocket } from "./hook-socket.js";

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

/**
 * Runs a hook before the mount of a view: attaches it to the stages that it handles, and calls its `mount`.
 *
 * @returns the result of an on-mount hook
 */
export function runHook(
  id: string,
  definition: AnyHookDefinition,
  context: MountContext,
): MaybePromise<unknown> {
  const host = context.socket as HookHost;
  const socket = toHookSocket(
    host,
    id,
    receiversOf(id, definition, () => socket),
  );
  attachStages(id, definition, socket);
  return then(takeKept(host, definition.keep), (kept) =>
    then(definition.mount?.({ ...context, kept, socket }), (result) => {
      if (result instanceof Halt) return result;
      if (definition.provide) socket.provide(...definition.provide);
      if (definition.unmount) {
        host.onUnmount((reason) =>
          then(definition.unmount?.({ reason, socket }), (returned) =>
            assertNoResult(id, "unmount", returned),
          ),
        );
      }
      return result === undefined ? cont() : result;
    }),
  );
}

function receiversOf(id: string, definition: AnyHookDefinition, socket: () => Socket) {
  const { handleInfo, handleAsync } = definition;
  return {
    receive:
      handleInfo &&
      ((message: unknown, topic: string | undefined, messageId?: string) => {
        const context = { message, topic, id: messageId, socket: socket() };
        return then(callInfoHandlers(handleInfo, context), (result) => {
          if (result !== unhandled) assertNoResult(id, "handleInfo", result);
        });
      }),
    done:
      handleAsync &&
      ((key: string, result: StageContexts["handleAsync"]["result"]) =>
        then(handleAsync.call(definition, { key, result, socket: socket() }), (returned) =>
          assertNoResult(id, "handleAsync", returned),
        )),
  };
}

const orCont = (result: unknown) => (result === undefined ? cont() : result) as never;

function attachStages(id: string, definition: AnyHookDefinition, socket: Socket): void {
  const { connected, handleEvent, handleParams, afterRender } = definition;
  if (connected) {
    socket.attachHook(id, "connected", (context) =>
      then(connected.call(definition, { ...context, socket }), orCont),
    );
  }
  if (handleParams) {
    socket.attachHook(id, "handleParams", (context) =>
      then(handleParams.call(definition, { ...context, socket }), orCont),
    );
  }
  if (handleEvent) {
    socket.attachHook(id, "handleEvent", (context) => {
      const { event, component } = context;
      const handler = Object.hasOwn(handleEvent, event) ? handleEvent[event] : undefined;
      if (!handler || component) return cont();
      return then<unknown, Halt | Halt<Reply>>(handler({ ...context, socket }), (result) => {
        if (result instanceof Reply) return halt(result);
        assertNoResult(id, `handleEvent.${event}`, result, "undefined, or reply({ … })");
        return halt();
      });
    });
  }
  if (afterRender) {
    socket.attachHook(
      id,
      "afterRender",
      (context) => afterRender.call(definition, { ...context, socket }) as never,
    );
  }
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
  host.keep(...assigns);
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
