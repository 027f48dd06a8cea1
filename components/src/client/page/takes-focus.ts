import { ownMember } from "./own-member.js";
/**
 * Focuses an element and returns whether it has the focus now. An element that is not focusable, such as a heading, becomes
 * focusable until it loses the focus.
 */
export function takesFocus(element: HTMLElement | null): boolean {
  if (!element) return false;
  const needsTabIndex = element.tabIndex < 0 && !element.hasAttribute("tabindex");
  const reset = (): void => {
    if (!needsTabIndex) return;
    element.removeAttribute("tabindex");
    element.style.outline = "";
  };
  if (needsTabIndex) {
    element.tabIndex = -1;
    // Hides the focus ring, because the element is not a control.
    element.style.outline = "none";
  }
  element.focus({ preventScroll: true });
  if (ownMember(document, "activeElement") !== element) reset();
  element.addEventListener("blur", reset, { once: true });
  return ownMember(document, "activeElement") === element;
}
