/**
 * Closes the popovers that a click elsewhere would close, such as menus of the layout, which stay in the page after a
 * live navigation. Popovers with `popover="manual"` stay open.
 */
export function closePopovers(): void {
  // In a browser without popovers, the selector below would throw.
  if (!("popover" in HTMLElement.prototype)) return;
  for (const popover of document.querySelectorAll<HTMLElement>(":popover-open")) {
    if (popover.popover !== "manual") popover.hidePopover();
  }
}
