import { debuglog } from "node:util";
import { type OnMount, onMount } from "../live/declarations/on-mount.js";
import { firstNonJson } from "../live/json.js";
import type { StageContexts } from "../live/socket/contexts.js";
import { cont, halt } from "../live/socket/outcome.js";

const logInfo = debuglog("live:info");

/** A notification. Its `id` is unique. */
export interface LiveNotification {
  readonly id: string;
  readonly title: string;
  readonly description?: string;
}

/** The assigns that {@link notifications} sets and provides. */
export interface NotificationAssigns {
  /** The notifications, newest first. */
  readonly notifications: readonly LiveNotification[];
}

/** The events that {@link notifications} handles, for `push()`. */
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
  /** The topic to subscribe to; `"notifications"` by default. */
  readonly topic?: string;
  /** The maximum number of notifications, 100 by default. Older ones are removed. */
  readonly limit?: number;
}

/** A message that adds a notification: `live.broadcast("notifications", notificationMessage(…))`. */
export interface NotificationMessage {
  readonly type: "notification";
  readonly notification: LiveNotification;
}

/** Creates the message that adds a notification. */
export const notificationMessage = (notification: LiveNotification): NotificationMessage => ({
  type: "notification",
  notification,
});

const isNotificationMessage = (message: unknown): boolean =>
  (message as Partial<NotificationMessage> | null)?.type === "notification";

/** Returns the notification of a message; `undefined` if it could not be sent to the browser or shown there. */
function toNotification(message: unknown): LiveNotification | undefined {
  const { notification } = message as { notification?: Partial<LiveNotification> | null };
  const { id, title, description = "" } = notification ?? {};
  const areStrings = [id, title, description].every((text) => typeof text === "string");
  return areStrings && firstNonJson(notification) === undefined
    ? (notification as LiveNotification)
    : undefined;
}

/**
 * Creates an on-mount hook that collects the notifications of a topic and provides them to `<live-notifications>`. It
 * handles the events of that element, `notifications:close` with an `id` and `notifications:close-all`, so they do not
 * reach the view. A malformed notification is ignored, with a line in the debug log `live:info`.
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

/** Inserts a notification at the start and removes an older one with the same id. */
const receive =
  (limit: number) =>
  ({ message, socket }: StageContexts<NotificationAssigns>["handleInfo"]) => {
    if (!isNotificationMessage(message)) return cont();
    const notification = toNotification(message);
    if (!notification) {
      logInfo("%s has received a malformed notification", socket.view.name);
      return halt();
    }
    const others = socket.assigns.notifications.filter(({ id }) => id !== notification.id);
    socket.assign({ notifications: [notification, ...others].slice(0, limit) });
    return halt();
  };
