import { debuglog } from "node:util";
import type { OnMount } from "../live/declarations/on-mount.js";
import { defineHook } from "../live/hooks/define-hook.js";
import { firstNonJson } from "../live/json.js";
import { cont } from "../live/socket/outcome.js";

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

/** The type of the hook that {@link notifications} creates. */
export type NotificationsHook = OnMount<
  object,
  NotificationAssigns,
  NotificationAssigns,
  NotificationEvents
>;

/** Options of {@link notifications}. */
export interface NotificationsOptions {
  /** The topic to subscribe to; `"notifications"` by default. */
  readonly topic?: string;
  /** The maximum number of notifications, 100 by default. Older ones are removed. */
  readonly limit?: number;
  /**
   * Whether the notifications survive a reconnect, with those that were sent meanwhile; `false` by default. They are kept in
   * the browser, where `limit` notifications must fit into 12 KB. The topic must be numbered.
   */
  readonly resume?: boolean;
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
 * Creates a hook that collects the notifications of a topic and provides them to `<live-notifications>`. It handles the
 * events of that element, `notifications:close` with an `id` and `notifications:close-all`, so they do not reach the view.
 * Other messages of the topic are ignored, as are malformed notifications, with a line in the debug log `live:info`.
 */
export function notifications({
  topic = "notifications",
  limit = 100,
  resume = false,
}: NotificationsOptions = {}): NotificationsHook {
  return defineHook("notifications", {
    provide: ["notifications"],
    keep: resume ? ["notifications"] : [],
    mount({ socket, kept }) {
      socket.subscribe(topic, { resume });
      const before = (kept.notifications ?? []) as readonly LiveNotification[];
      return cont<NotificationAssigns>({ notifications: before });
    },
    /** Inserts a notification at the start and removes an older one with the same id. */
    handleInfo({ message, socket }) {
      if ((message as Partial<NotificationMessage> | null)?.type !== "notification") return;
      const notification = toNotification(message);
      if (!notification) {
        logInfo("%s has received a malformed notification", socket.view.name);
        return;
      }
      const others = socket.assigns.notifications.filter(({ id }) => id !== notification.id);
      socket.assign({ notifications: [notification, ...others].slice(0, limit) });
    },
    handleEvent: {
      "notifications:close"({ payload, socket }) {
        const closed = (payload as { id?: unknown } | null)?.id;
        const rest = socket.assigns.notifications.filter(({ id }) => id !== closed);
        if (rest.length < socket.assigns.notifications.length)
          socket.assign({ notifications: rest });
      },
      "notifications:close-all": ({ socket }) => socket.assign({ notifications: [] }),
    },
  }) as NotificationsHook;
}
