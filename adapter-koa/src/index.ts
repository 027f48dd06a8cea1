import "./koa/page-context.js";

export type { FlashMessages } from "@live-session/components/protocol";
export { type NavAssigns, type NavLocation, nav } from "./hooks/nav.js";
export {
  type Notification,
  type NotificationAssigns,
  type NotificationEvents,
  type NotificationMessage,
  type NotificationsOptions,
  notificationMessage,
  notifications,
} from "./hooks/notifications.js";
export { CookieKeys } from "./koa/cookie-keys.js";
export { csrf, csrfToken } from "./koa/csrf.js";
export { putFlash } from "./koa/flash.js";
export { createLive, type Live } from "./koa/live.js";
export type { AllowedOrigins, LiveLimits, LiveOptions } from "./koa/options.js";
export { sessionCodec } from "./koa/session-codec.js";
export { AsyncResult } from "./live/async-result.js";
export {
  type CheckedEvent,
  type EventContext,
  type EventHandler,
  type EventHandlers,
  event,
} from "./live/event.js";
export {
  type AsyncOutcome,
  type Cont,
  cont,
  type Halt,
  type HookInfo,
  halt,
  type MountOptions,
  type OnMountOptions,
  type Reply,
  reply,
  type Stage,
  type StageCallback,
  type StageContexts,
} from "./live/hook.js";
export {
  type DispatchOptions,
  type JsCommands,
  js,
  type PushOptions,
  type ShowOptions,
  type TargetOptions,
  type ToggleOptions,
  type TransitionOptions,
} from "./live/js.js";
export type { Target, Transition } from "./live/js-arguments.js";
export type { Layout, LayoutAssigns, RenderAssigns } from "./live/layout.js";
export { LiveError, type LiveErrorCode } from "./live/live-error.js";
export type { EventsOf, LiveEvents } from "./live/live-events.js";
export { LiveRouter, type LiveRouterOptions, type LiveSessionRoutes } from "./live/live-router.js";
export type { ExtraSession, LiveSessionOptions } from "./live/live-session.js";
export {
  type DeclareLiveView,
  type LiveView,
  type LiveViewDefinition,
  liveView,
} from "./live/live-view.js";
export type { AssignNames, MountData, NamedAssigns } from "./live/mount-data.js";
export { type Destination, isLocalPath, navigate, redirect } from "./live/navigation.js";
export { type MountContext, type OnMount, onMount } from "./live/on-mount.js";
export type { PageContext, PageMiddleware } from "./live/page-context.js";
export { LocalPubSub, type PubSub, type Subscriber } from "./live/pub-sub.js";
export type { PushEventOptions } from "./live/pushed-event.js";
export type { PayloadRefusal, RefusedPayload } from "./live/refused-payload.js";
export type { RootLayout, RootLayoutPage } from "./live/root-layout.js";
export { type Param, type Params, parseQuery } from "./live/route.js";
export type { Socket } from "./live/socket.js";
