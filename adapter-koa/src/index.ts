import "./koa/page-context.js";

export type { FlashMessages } from "@live-session/components/protocol";
export type { Duration } from "./koa/duration.js";
export { type CloseOptions, createLive, type Live, type LiveHealth } from "./koa/live.js";
export type { AllowedOrigins, LiveLimits, LiveOptions } from "./koa/options.js";
export { csrf, csrfToken } from "./koa/session/csrf.js";
export {
  type ComponentContext,
  type LiveComponent,
  type LiveComponentDefinition,
  liveComponent,
  type ShownAssigns,
} from "./live/components/live-component.js";
export {
  type JsCommands,
  type JsDispatchOptions,
  type JsPushOptions,
  type JsShowOptions,
  type JsTargetOptions,
  type JsToggleOptions,
  type JsTransitionOptions,
  js,
} from "./live/declarations/js.js";
export type { JsTarget, JsTransition } from "./live/declarations/js-arguments.js";
export type { KeepOptions } from "./live/declarations/keep.js";
export {
  type EventContext,
  type EventHandler,
  type EventHandlers,
  liveEvent,
} from "./live/declarations/live-event.js";
export type { LiveEvents } from "./live/declarations/live-events.js";
export {
  LiveRouter,
  type LiveRouterOptions,
  type LiveSessionPages,
  type LiveSessionRoutes,
} from "./live/declarations/live-router.js";
export type { ExtraSession, LiveSessionOptions } from "./live/declarations/live-session.js";
export {
  type AsyncHandlers,
  type LiveViewDefinition,
  liveView,
  type ViewMountResult,
  type ViewTypes,
} from "./live/declarations/live-view.js";
export { type OnMount, onMount } from "./live/declarations/on-mount.js";
export type { PageContext, PageMiddleware } from "./live/declarations/page-context.js";
export type { RequiredParamsOf } from "./live/declarations/path-params.js";
export type { ProvidedData } from "./live/declarations/provided-data.js";
export type { PayloadRefusal, RefusedPayload } from "./live/declarations/refused-payload.js";
export type { RootLayout, RootLayoutPage } from "./live/declarations/root-layout.js";
export { type EventTarget, viewTarget } from "./live/event-target.js";
export {
  defineHook,
  type HookDefinition,
  type HookKeepOptions,
  type HookMountResult,
} from "./live/hooks/define-hook.js";
export { LiveError, type LiveErrorCode } from "./live/live-error.js";
export { type NestedOptions, nested } from "./live/nested/nested.js";
export { type NotFoundError, notFound } from "./live/not-found.js";
export type { Param, Params } from "./live/parse-query.js";
export {
  type CreatePresenceOptions,
  createPresence,
  type Presence,
  type PresenceChange,
} from "./live/presence/presence.js";
export type { PresenceEntry, PresenceList } from "./live/presence/roster.js";
export type { MessageId } from "./live/pub-sub/message-id.js";
export type { FlushOptions } from "./live/pub-sub/pending-flushes.js";
export { MissedMessages, type ReplayOptions } from "./live/pub-sub/replay.js";
export {
  LocalPubSub,
  type LocalPubSubOptions,
  type PubSub,
  type PubSubHealth,
  type Subscriber,
  type SubscriptionOptions,
} from "./live/runtime/pub-sub.js";
export {
  type AsyncOutcome,
  AsyncResult,
  type TaskKey,
  type TasksOf,
  type WithTasks,
} from "./live/socket/async-result.js";
export type {
  AsyncContexts,
  ComponentName,
  MountContext,
  StageCallback,
  StageContexts,
} from "./live/socket/contexts.js";
export type { Layout, LayoutAssigns, RenderAssigns } from "./live/socket/layout.js";
export {
  type Destination,
  navigate,
  type RedirectStatus,
  type RedirectTarget,
  redirect,
} from "./live/socket/navigation.js";
export {
  type Cont,
  cont,
  type Halt,
  halt,
  type MountOptions,
  type OnMountOptions,
  type Reply,
  reply,
} from "./live/socket/outcome.js";
export type { PushEventOptions } from "./live/socket/pushed-event.js";
export type {
  BroadcastOptions,
  ComponentOf,
  LiveView,
  SendOptions,
  Socket,
  SubscribeOptions,
} from "./live/socket/socket.js";
export type { HookInfo, Stage } from "./live/socket/stage.js";
export type { Topic } from "./live/socket/topic.js";
export type { MessageSource, Tracker, Tracking } from "./live/socket/tracker.js";
export type { UnmountContext, UnmountReason } from "./live/socket/unmount.js";
export { type MessageRefusal, on, type TopicContext } from "./live/topics/on.js";
export {
  type TopicParam,
  type TopicParams,
  type TopicPattern,
  topic,
} from "./live/topics/topic.js";
export type { ConnectionTrace, LiveTrace, TraceResult } from "./live/tracing/tracing.js";
export type { UploadEntry, UploadError, Uploaded, UploadState } from "./live/upload-state.js";
export {
  type TemporaryFile,
  type Upload,
  type UploadContext,
  type UploadLimits,
  type UploadOptions,
  upload,
} from "./live/uploads/upload.js";
export { unsafeUrl } from "./render/unsafe-url.js";
