import { type OnMount, onMount } from "../live/declarations/on-mount.js";
import { cont, halt, type StageContexts } from "../live/socket/hook.js";

/** A notification; `id` tells it from others. */
export interface LiveNotification {
  readonly id: string;
  readonly title: string;
  readonly description?: string;
}

/** What the hook assigns and provides: newest first. */
export interface NotificationAssigns {
  readonly notifications: readonly LiveNotification[];
}

/** The events that the hook answers, for `push()`. */
export interface NotificationEvents {
  readonly "notifications:close": {
    readonly payload: { readonly id: string };
    readonly reply: Record<never, never>;
  };
  readonly "notifications:close-all": {
    readonly payload: Record<never, never>;
    readonly reply: Record<never, never>;
  };
}

/** Options of {@link notifications}. */
export interface NotificationsOptions {
  /** The topic to listen on; `"notifications"` by default. */
  readonly topic?: string;
  /** How many are kept, 100 by default; beyond that the oldest go. */
  readonly limit?: number;
}

/** The message that brings a notification: `live.broadcast("notifications", notificationMessage(…))`. */
export interface NotificationMessage {
  readonly type: "notification";
  readonly notification: LiveNotification;
}

/** Wraps a notification for a broadcast. */
export const notificationMessage = (notification: LiveNotification): NotificationMessage => ({
  type: "notification",
  notification,
});

const isNotificationMessage = (message: unknown): message is NotificationMessage =>
  (message as Partial<NotificationMessage> | null)?.type === "notification";

/**
 * An on-mount hook that collects the notifications of a topic and provides them to
 * `<live-notifications>`. It answers that element's events, `notifications:close` with an `id` and
 * `notifications:close-all`, before the view sees them.
 */
export function notifications({
  topic = "notifications",
  limit = 100,
}: NotificationsOptions = {}): OnMount<object, NotificationAssigns, NotificationAssigns> {
  return onMount("notifications", ({ socket }) => {
    socket.subscribe(topic);
    socket.attachHook<"handleEvent", NotificationAssigns>(
      "notifications:close",
      "handleEvent",
      handleClose,
    );
    socket.attachHook<"handleInfo", NotificationAssigns>(
      "notifications:receive",
      "handleInfo",
      receive(limit),
    );
    return cont({ notifications: [] }, { provide: ["notifications"] });
  });
}

function handleClose({
  event,
  payload,
  socket,
}: StageContexts<NotificationAssigns>["handleEvent"]) {
  if (event === "notifications:close-all") {
    socket.assign({ notifications: [] });
    return halt();
  }
  if (event !== "notifications:close") return cont();
  const id = (payload as { id?: unknown } | null)?.id;
  const kept = socket.assigns.notifications.filter((notification) => notification.id !== id);
  if (kept.length < socket.assigns.notifications.length) socket.assign({ notifications: kept });
  return halt();
}

/** Puts a notification first, and what has its id away. */
const receive =
  (limit: number) =>
  ({ message, socket }: StageContexts<NotificationAssigns>["handleInfo"]) => {
    if (!isNotificationMessage(message)) return cont();
    const { notification } = message;
    const others = socket.assigns.notifications.filter(({ id }) => id !== notification.id);
    socket.assign({ notifications: [notification, ...others].slice(0, limit) });
    return halt();
  };
