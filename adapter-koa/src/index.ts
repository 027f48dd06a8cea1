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
export { createLive, type Live } from "./koa/live.js";
export type { AllowedOrigins, LiveLimits, LiveOptions } from "./koa/options.js";
export { CookieKeys } from "./koa/session/cookie-keys.js";
export { csrf, csrfToken } from "./koa/session/csrf.js";
export { putFlash } from "./koa/session/flash.js";
export { sessionCodec } from "./koa/session/session-codec.js";
export {
  type CheckedEvent,
  type EventContext,
  type EventHandler,
  type EventHandlers,
  event,
} from "./live/declarations/event.js";
export {
  type DispatchOptions,
  type JsCommands,
  js,
  type PushOptions,
  type ShowOptions,
  type TargetOptions,
  type ToggleOptions,
  type TransitionOptions,
} from "./live/declarations/js.js";
export type { Target, Transition } from "./live/declarations/js-arguments.js";
export type { Layout, LayoutAssigns, RenderAssigns } from "./live/declarations/layout.js";
export type { EventsOf, LiveEvents } from "./live/declarations/live-events.js";
export {
  LiveRouter,
  type LiveRouterOptions,
  type LiveSessionRoutes,
} from "./live/declarations/live-router.js";
export type { ExtraSession, LiveSessionOptions } from "./live/declarations/live-session.js";
export {
  type DeclareLiveView,
  type LiveView,
  type LiveViewDefinition,
  liveView,
} from "./live/declarations/live-view.js";
export { type MountContext, type OnMount, onMount } from "./live/declarations/on-mount.js";
export type { PageContext, PageMiddleware } from "./live/declarations/page-context.js";
export type { AssignNames, MountData, NamedAssigns } from "./live/declarations/provided-data.js";
export type { PayloadRefusal, RefusedPayload } from "./live/declarations/refused-payload.js";
export type { RootLayout, RootLayoutPage } from "./live/declarations/root-layout.js";
export { type Param, type Params, parseQuery } from "./live/declarations/route.js";
export { LiveError, type LiveErrorCode } from "./live/live-error.js";
export { LocalPubSub, type PubSub, type Subscriber } from "./live/runtime/pub-sub.js";
export { AsyncResult } from "./live/socket/async-result.js";
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
} from "./live/socket/hook.js";
export { type Destination, isLocalPath, navigate, redirect } from "./live/socket/navigation.js";
export type { PushEventOptions } from "./live/socket/pushed-event.js";
export type { Socket } from "./live/socket/socket.js";
