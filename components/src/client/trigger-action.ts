/** The form below an element that is to be sent to its action, as the view says by `live-trigger-action`. */
export function findTriggered(element: Element, attribute: string): HTMLFormElement | undefined {
  return Array.from(document.forms).find((form) => form.hasAttribute(attribute) && element.contains(form));
}

/** Sends a form by a page load, without asking anybody, whatever its controls are called. */
export function sendNatively(form: HTMLFormElement): void {
  HTMLFormElement.prototype.submit.call(form);
}

/** Whether the browser leaves the page when it sends a form: not for a dialog, nor for another window or frame. */
export function leavesPage(form: HTMLFormElement, submitter: HTMLElement | null): boolean {
  const of = (name: string): string =>
    submitter?.getAttribute(`form${name}`) ?? form.getAttribute(name) ?? "";
  return of("method").toLowerCase() !== "dialog" && ["", "_self"].includes(of("target"));
}
