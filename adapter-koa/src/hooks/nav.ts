import type { OnMount } from "../live/declarations/on-mount.js";
import { defineHook } from "../live/hooks/define-hook.js";
import { cont } from "../live/socket/outcome.js";
import type { LiveView } from "../live/socket/socket.js";

/** The current page, for the choice of its navigation item. */
export interface NavLocation {
  readonly view: LiveView;
  readonly liveAction: string | null;
  readonly url: string;
}

/** The assigns that {@link nav} sets and provides. */
export interface NavAssigns {
  /** The id of the navigation item to mark, or `null`. */
  readonly activeNav: string | null;
}

/**
 * Creates an on-mount hook that assigns and provides `activeNav`, the id of the navigation item of the current page.
 * `<light-nav>` marks that item. A patch updates it too.
 *
 * @param resolve returns the item of a page, or `null` if the page has none
 */
export function nav(
  resolve: (location: NavLocation) => string | null,
): OnMount<object, NavAssigns, NavAssigns> {
  const activeNav = ({ view, liveAction, url }: NavLocation) => ({
    activeNav: resolve({ view, liveAction, url }),
  });
  return defineHook("nav", {
    provide: ["activeNav"],
    mount: ({ socket }) => cont(activeNav(socket)),
    handleParams: ({ socket }) => cont(activeNav(socket)),
  });
}
