import { ownMember } from "./own-member.js";
import { takesFocus } from "./takes-focus.js";

/**
 * Moves the focus to the start of a new page: to the element with `autofocus`, the target of the URL's fragment, the
 * heading, or the main element, whichever exists first. If the focus has moved since the navigation started, it stays.
 *
 * @param left the element that had the focus when the navigation started
 * @param target the element that the URL's fragment names
 */
export function focusPage(left: Element | null, target: HTMLElement | null): void {
  const focused = ownMember(document, "activeElement");
  if (focused !== left && focused !== ownMember(document, "body")) return;
  getSelection()?.empty();
  const find = (selector: string): HTMLElement | null => document.querySelector(selector);
  const candidates = [
    find("[autofocus]"),
    target,
    find("main h1"),
    find("h1"),
    find("main,[role=main]"),
  ];
  if (!candidates.some(takesFocus)) (focused as HTMLElement | null)?.blur();
}
