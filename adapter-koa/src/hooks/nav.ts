import type { LiveView } from "../live/declarations/live-view.js";
import { type OnMount, onMount } from "../live/declarations/on-mount.js";
import { cont } from "../live/socket/hook.js";

/** The page a navigation item may stand for. */
export interface NavLocation {
  readonly view: LiveView;
  readonly liveAction: string | null;
}

/** What the hook assigns and provides: the id of the item to mark, or `null`. */
export interface NavAssigns {
  readonly activeNav: string | null;
}

/**
 * An on-mount hook that assigns and provides `activeNav`, the id of the navigation item of the current
 * page; `<light-nav>` marks it. It follows patches too.
 *
 * @param resolve tells the item of a page, or `null` when none stands for it
 */
export function nav(
  resolve: (location: NavLocation) => string | null,
): OnMount<object, NavAssigns, NavAssigns> {
  return onMount("nav", ({ socket }) => {
    const activeNav = () => resolve({ view: socket.view, liveAction: socket.liveAction });
    socket.attachHook("nav", "handleParams", () => cont({ activeNav: activeNav() }));
    return cont({ activeNav: activeNav() }, { provide: ["activeNav"] });
  });
}
