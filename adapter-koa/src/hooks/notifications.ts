import { debuglog } from "node:util";
import type { OnMount } from "../live/declarations/on-mount.js";
import { defineHook } from "../live/hooks/define-hook.js";
import { firstNonJson } from "../live/json.js";
import { type MaybePromise, then } from "../live/maybe-promise.js";
import { type Cont, cont } from "../live/socket/outcome.js";
import type { Socket } from "../live/socket/socket.js";

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
export type NotificationsHook<Needs extends object = object> = OnMount<
  Needs,
  NotificationAssigns,
  NotificationAssigns,
  NotificationEvents
>;

/** The page of a visitor, for the options of {@link notifications}. */
export interface NotificationsPage<Needs extends object = object> {
  /** The assigns of earlier hooks. An annotation names those that are needed: `NotificationsPage<{ currentUser: User }>`. */
  readonly assigns: Readonly<Needs>;
  /** The `session` of hooks. */
  readonly session: Readonly<Record<string, unknown>>;
}

/** Options of {@link notifications}. */
export interface NotificationsOptions<Needs extends object = object> {
  /** The topic or topics to subscribe to, or a function that returns them for a visitor; `"notifications"` by default. */
  readonly topic?:
    | string
    | ((page: NotificationsPage<Needs>) => string | readonly string[] | undefined);
  /** The maximum number of notifications, 100 by default. Older ones are removed. */
  readonly limit?: number;
  /**
   * Returns the notifications of a visitor at each mount, newest first, for example from a database. Then the browser keeps none.
   */
  readonly load?: (page: NotificationsPage<Needs>) => MaybePromise<readonly LiveNotification[]>;
  /** Is called when the visitor has closed notifications, for example to delete them from a database. */
  readonly onClose?: (
    closed: readonly LiveNotification[],
    page: Pick<NotificationsPage<Needs>, "assigns">,
  ) => MaybePromise<void>;
  /**
   * Whether the notifications that were sent during a lost connection appear after the reconnect; `false` by default. The topic
   * must be numbered.
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

/** Returns a notification; `undefined` if it could not be sent to the browser or shown there. */
function toNotification(value: unknown): LiveNotification | undefined {
  const { id, title, description = "" } = (value ?? {}) as Partial<LiveNotification>;
  const areStrings = [id, title, description].every((text) => typeof text === "string");
  return areStrings && firstNonJson(value) === undefined ? (value as LiveNotification) : undefined;
}

/** The size of the notifications that the browser keeps, in bytes. Other kept assigns share the rest of the 16 KB. */
const maxKept = 6000;

/** The assigns of the hook. */
interface Own extends NotificationAssigns {
  /** The newest notifications, as many as the browser may keep; not set if it keeps none. */
  readonly keptNotifications?: readonly LiveNotification[];
}

/**
 * Creates a hook that collects the notifications of a topic and provides them to `<live-notifications>`. It handles the
 * events of that element, `notifications:close` with an `id` and `notifications:close-all`, so they do not reach the view.
 * Other messages of the topic are ignored, as are malformed notifications, with a line in the debug log `live:info`.
 *
 * The browser keeps the newest notifications, up to 6 KB. So they survive live navigation within the live session, a lost
 * connection and a deployment, unless `load` returns them.
 *
 * @example
 * notifications({
 *   topic: ({ assigns }: NotificationsPage<{ currentUser: User }>) => `notifications:${assigns.currentUser.id}`,
 *   load: ({ assigns }) => unread(assigns.currentUser),
 *   onClose: (closed, { assigns }) => markRead(assigns.currentUser, closed),
 * })
 */
export function notifications<Needs extends object = object>({
  topic = "notifications",
  limit = 100,
  resume = false,
  load,
  onClose,
  // NoInfer: otherwise TypeScript would infer the needs from the place that lists the hook.
}: NotificationsOptions<Needs> = {}): NotificationsHook<NoInfer<Needs>> {
  const show = (list: readonly LiveNotification[]): Own => {
    const shown = list.slice(0, limit);
    return load
      ? { notifications: shown }
      : { notifications: shown, keptNotifications: newestWithin(maxKept, shown) };
  };
  const close = (socket: Socket<Own>, isClosed: (id: string) => boolean) => {
    const { notifications } = socket.assigns;
    const closed = notifications.filter(({ id }) => isClosed(id));
    if (closed.length === 0) return;
    socket.assign(show(notifications.filter(({ id }) => !isClosed(id))));
    return onClose?.(closed, { assigns: socket.assigns as unknown as Needs });
  };
  return defineHook("notifications", {
    own: {} as Own,
    provide: ["notifications"],
    keep: load ? [] : ["keptNotifications"],
    mount({ socket, session, kept }): MaybePromise<Cont<NotificationAssigns>> {
      const page = { assigns: socket.assigns as unknown as Needs, session };
      const topics = typeof topic === "function" ? (topic(page) ?? []) : topic;
      for (const each of [topics].flat()) socket.subscribe(each, { resume });
      if (load) return then(load(page), (list) => cont<NotificationAssigns>(show(list)));
      const before = toList(kept.keptNotifications);
      return cont<NotificationAssigns>(before.length > 0 ? show(before) : { notifications: [] });
    },
    /** Inserts a notification at the start and removes an older one with the same id. */
    handleInfo({ message, socket }) {
      if ((message as Partial<NotificationMessage> | null)?.type !== "notification") return;
      const notification = toNotification((message as NotificationMessage).notification);
      if (!notification) {
        logInfo("%s has received a malformed notification", socket.view.name);
        return;
      }
      const others = socket.assigns.notifications.filter(({ id }) => id !== notification.id);
      socket.assign(show([notification, ...others]));
    },
    handleEvent: {
      "notifications:close"({ payload, socket }) {
        const closed = (payload as { id?: unknown } | null)?.id;
        return close(socket, (id) => id === closed);
      },
      "notifications:close-all": ({ socket }) => close(socket, () => true),
    },
  }) as unknown as NotificationsHook<Needs>;
}

/** Returns the first notifications of a list whose JSON fits into a size. */
function newestWithin(
  bytes: number,
  list: readonly LiveNotification[],
): readonly LiveNotification[] {
  let left = bytes;
  const end = list.findIndex((notification) => {
    left -= Buffer.byteLength(JSON.stringify(notification));
    return left < 0;
  });
  return end === -1 ? list : list.slice(0, end);
}

/** Returns the notifications that a browser has kept, perhaps for another version of the app. */
const toList = (kept: unknown): readonly LiveNotification[] =>
  Array.isArray(kept) ? kept.filter((each) => toNotification(each) !== undefined) : [];
