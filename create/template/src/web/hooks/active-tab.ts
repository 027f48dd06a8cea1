import type { NavLocation } from "@live-session/adapter-koa/hooks";

/** Returns the id of the menu item of a page, for the hook `nav`. */
export function activeTab({ view }: NavLocation): string | null {
  return tabs[view.name] ?? null;
}

const tabs: Readonly<Record<string, string>> = {
  CounterLive: "counter",
  NotificationLive: "notifications",
  StatusLive: "status",
};
