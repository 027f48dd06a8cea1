/**
 * Moves the focus to where reading a new page begins: to what has `autofocus`, what the URL's fragment names,
 * the heading, or the main part, whichever is there. Whoever took the focus meanwhile keeps it.
 *
 * @param left what had the focus when the page was asked for
 * @param target what the URL's fragment names
 */
export function focusPage(left: Element | null, target: HTMLElement | null): void {
  const focused = document.activeElement;
  if (focused !== left && focused !== document.body) return;
  getSelection()?.empty();
  const find = (selector: string): HTMLElement | null => document.querySelector(selector);
  const places = [
    find("[autofocus]"),
    target,
    find("main h1"),
    find("h1"),
    find("main,[role=main]"),
  ];
  if (!places.some(takesFocus)) (focused as HTMLElement | null)?.blur();
}

/** Headings take no focus by themselves; this one does until it has lost it. */
function takesFocus(place: HTMLElement | null): boolean {
  if (!place) return false;
  const isLent = place.tabIndex < 0 && !place.hasAttribute("tabindex");
  const takeBack = (): void => {
    if (!isLent) return;
    place.removeAttribute("tabindex");
    place.style.outline = "";
  };
  if (isLent) {
    place.tabIndex = -1;
    // It is no control: there is nothing to be done with it.
    place.style.outline = "none";
  }
  place.focus({ preventScroll: true });
  if (document.activeElement !== place) takeBack();
  place.addEventListener("blur", takeBack, { once: true });
  return document.activeElement === place;
}
