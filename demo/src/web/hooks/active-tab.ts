import type { NavLocation } from "@live-session/adapter-koa/hooks";

/** Returns the id of the menu item of a page, for the hook `nav`. */
export function activeTab({ view, liveAction }: NavLocation): string | null {
  return tabs[`${view.name} ${liveAction}`] ?? tabs[view.name] ?? null;
}

const tabs: Readonly<Record<string, string>> = {
  "NotificationLive show": "notification",
  "MountLive mount_a": "mount_a",
  "MountLive mount_b": "mount_b",
  "MountLive mount_c": "mount_c",
  UserLoginLive: "login",
  UserLoginCodeLive: "login",
  UserMagicLinkLive: "login",
  UserRegistrationLive: "register",
  UserSettingsLive: "settings",
  UserEmailChangeLive: "settings",
};
