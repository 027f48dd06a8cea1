import type { InitializeHook, ResolveHook } from "node:module";
import type { MessagePort } from "node:worker_threads";

const parameter = "live-session-start";
const marked = new RegExp(`[?&]${parameter}=(\\d+)`);

let modules: MessagePort | undefined;

/** Receives the port to which these hooks send the URL of each module of the app. */
export const initialize: InitializeHook<MessagePort> = (port) => {
  modules = port;
};

/**
 * Adds the number of the start to the URLs of the app's own modules, so that Node loads them again for each start. Modules
 * of packages stay loaded.
 */
export const resolve: ResolveHook = async (specifier, context, nextResolve) => {
  const result = await nextResolve(specifier, context);
  if (!isOwn(result.url)) return result;
  const isMarked = marked.test(result.url);
  const start = marked.exec(context.parentURL ?? "")?.[1];
  if (!isMarked && start === undefined) return result;
  modules?.postMessage(result.url);
  return isMarked || start === undefined
    ? result
    : { ...result, url: withStart(result.url, start) };
};

/** Whether a URL is that of a module of the app rather than of a package. */
export function isOwn(url: string): boolean {
  return url.startsWith("file:") && !url.includes("/node_modules/");
}

/** Adds the number of a start to the URL of a module. */
export function withStart(url: string, start: number | string): string {
  return `${url}${url.includes("?") ? "&" : "?"}${parameter}=${start}`;
}

/** Removes the numbers of starts from a stack, or from other output of an app. */
export function withoutStarts(text: string): string {
  return text.replaceAll(new RegExp(marked, "g"), "");
}
