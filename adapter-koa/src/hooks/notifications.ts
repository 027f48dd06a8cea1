import { cont, halt, type StageContexts } from "../live/hook.js";
import { type OnMount, onMount } from "../live/on-mount.js";

/** A notification; `id` tells it from others. */
export interface Notification {
  readonly id: string;
  readonly title: string;
  readonly description?: string;
}

/** What the hook assigns: newest first. */
export interface NotificationAssigns {
  readonly notifications: readonly Notification[];
}

/** Options of {@link notifications}. */
export interface NotificationsOptions {
  /** The topic to listen on; `"notifications"` by default. */
  readonly topic?: string;
}

/** The message that brings a notification: `live.broadcast("notifications", notificationMessage(…))`. */
export interface NotificationMessage {
  readonly type: "notification";
  readonly notification: Notification;
}

/** Wraps a notification for a broadcast. */
export const notificationMessage = (notification: Notification): NotificationMessage => ({
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
}: NotificationsOptions = {}): OnMount<object, NotificationAssigns> {
  return onMount("notifications", ({ socket }) => {
    socket.subscribe(topic);
    socket.attachHook<"handleEvent", NotificationAssigns>("notifications:close", "handleEvent", handleClose);
    socket.attachHook<"handleInfo", NotificationAssigns>(
      "notifications:receive",
      "handleInfo",
      handleNotification,
    );
    socket.provide("notifications");
    return cont({ notifications: [] });
  });
}

function handleClose({ event, payload, socket }: StageContexts<NotificationAssigns>["handleEvent"]) {
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

function handleNotification({ message, socket }: StageContexts<NotificationAssigns>["handleInfo"]) {
  if (!isNotificationMessage(message)) return cont();
  socket.assign({ notifications: [message.notification, ...socket.assigns.notifications] });
  return halt();
}
