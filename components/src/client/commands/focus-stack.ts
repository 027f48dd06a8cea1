const focusable =
  "a[href],area[href],button,input:not([type=hidden]),select,textarea,iframe,summary,audio[controls],video[controls],[contenteditable],[tabindex]";

const remembered: HTMLElement[] = [];

/** Gives the focus to the first element below another that takes it; those outside of the tab order last. */
export function focusFirst(container: Element): void {
  const candidates = Array.from(container.querySelectorAll<HTMLElement>(focusable));
  for (const inTabOrder of [true, false]) {
    for (const element of candidates) {
      if (element.tabIndex >= 0 !== inTabOrder) continue;
      element.focus();
      if (element.matches(":focus")) return;
    }
  }
}

/** Remembers who gets the focus back. */
export function pushFocus(element: HTMLElement): void {
  remembered.push(element);
}

/** Gives the focus back to the element remembered last that is still there. */
export function popFocus(): void {
  let element = remembered.pop();
  while (element && !element.isConnected) element = remembered.pop();
  element?.focus();
}
