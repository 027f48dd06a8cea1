// Must be imported before the elements below: a context provider must listen before consumers request the context.
import "./live-session.js";

export type { LiveMetadata } from "./client/bindings/binder.js";
export type { LiveHook, LiveHookContext, LiveHooks } from "./client/commands/live-hook.js";
export type { ConnectParamsOfPage } from "./client/view/view-options.js";
export * from "./context.js";
export * from "./events.js";
export * from "./light-nav.js";
export * from "./live-flash.js";
export * from "./live-notifications.js";
export * from "./live-session.js";
export * from "./live-session-controller.js";
export type * from "./push.js";
