const focusable = [
  "a[href]",
  "area[href]",
  "button",
  "input:not([type=hidden])",
  "select",
  "textarea",
  "iframe",
  "summary",
  "audio[controls]",
  "video[controls]",
  "[contenteditable]",
  "[tabindex]",
].join();

const stack: HTMLElement[] = [];

/** Focuses the first element below another one that accepts the focus; elements outside of the tab order come last. */
export function focusFirst(container: Element): void {
  const candidates = Array.from(container.querySelectorAll<HTMLElement>(focusable));
  const inTabOrder = candidates.filter(({ tabIndex }) => tabIndex >= 0);
  const others = candidates.filter(({ tabIndex }) => tabIndex < 0);
  for (const element of [...inTabOrder, ...others]) {
    element.focus();
    if (element.matches(":focus")) return;
  }
}

/** Remembers an element that {@link popFocus} focuses. */
export function pushFocus(element: HTMLElement): void {
  stack.push(element);
}

/** Focuses the element that was remembered last and is still in the page. */
export function popFocus(): void {
  let element = stack.pop();
  while (element && !element.isConnected) element = stack.pop();
  element?.focus();
}
