import module, { type InitializeHook, type ResolveFnOutput, type ResolveHook } from "node:module";
import { MessageChannel, type MessagePort } from "node:worker_threads";
import { hasStart, withStartOf } from "./start-url.js";

/** A hook that runs in the thread of the modules. Node 20 does not have such hooks. */
type SyncResolveHook = (
  specifier: string,
  context: { readonly parentURL?: string },
  nextResolve: (specifier: string, context: object) => ResolveFnOutput,
) => ResolveFnOutput;

/**
 * Makes Node load the app's own modules again for each start. Calls `onModule` with the URL of each. Must be called after
 * the hooks of other packages have been registered, because their result is changed.
 */
export function registerStartHooks(onModule: (url: string) => void): void {
  const { registerHooks } = module as { registerHooks?(hooks: { resolve: SyncResolveHook }): void };
  if (registerHooks) {
    registerHooks({
      resolve: (specifier, context, nextResolve) =>
        mark(nextResolve(specifier, context), context.parentURL, onModule),
    });
    return;
  }
  const { port1, port2 } = new MessageChannel();
  port1.on("message", onModule);
  port1.unref();
  module.register(import.meta.url, { data: port2, transferList: [port2] });
}

let modules: MessagePort | undefined;

/** Receives the port to which the hook sends the URL of each module of the app. Called in the thread of the hooks. */
export const initialize: InitializeHook<MessagePort> = (port) => {
  modules = port;
};

/** The hook of Node 20. */
export const resolve: ResolveHook = async (specifier, context, nextResolve) =>
  mark(await nextResolve(specifier, context), context.parentURL, (url) =>
    modules?.postMessage(url),
  );

function mark(
  result: ResolveFnOutput,
  parent: string | undefined,
  onModule: (url: string) => void,
): ResolveFnOutput {
  const url = withStartOf(result.url, parent);
  if (hasStart(url)) onModule(url);
  return { ...result, url };
}
