/** The form below an element that is to be sent to its action, as the view says by `live-trigger-action`. */
export function findTriggered(element: Element, attribute: string): HTMLFormElement | undefined {
  return Array.from(document.forms).find((form) => form.hasAttribute(attribute) && element.contains(form));
}

/** Sends a form by a page load, without asking anybody, whatever its controls are called. */
export function sendNatively(form: HTMLFormElement): void {
  HTMLFormElement.prototype.submit.call(form);
}
