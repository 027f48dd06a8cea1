export { type NavAssigns, type NavLocation, nav } from "./nav.js";
export {
  type LiveNotification,
  type NotificationAssigns,
  type NotificationEvents,
  type NotificationMessage,
  type NotificationsHook,
  type NotificationsOptions,
  type NotificationsPage,
  notificationMessage,
  notifications,
} from "./notifications.js";
export { type PresenceAssigns, type PresenceOptions, presence } from "./presence.js";
