/**
 * Closes the popovers that a click elsewhere would close: a layout's menus and the like, which stay in the page
 * when it becomes another one. Those that are only closed by hand (`popover="manual"`) stay open.
 */
export function closePopovers(): void {
  // A browser without popovers knows no selector for open ones.
  if (!("popover" in HTMLElement.prototype)) return;
  for (const popover of document.querySelectorAll<HTMLElement>(":popover-open")) {
    if (popover.popover !== "manual") popover.hidePopover();
  }
}
