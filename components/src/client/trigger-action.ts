/** What sends forms by page loads. */
export interface TriggeringView {
  readonly element: HTMLElement & { readonly bindingPrefix: string };
  /** The page is left. */
  unload(): void;
}

/** Sends the form to its action of which the view says so by `live-trigger-action`, if there is one. */
export function triggerAction(view: TriggeringView): void {
  const { element } = view;
  const attribute = `${element.bindingPrefix}trigger-action`;
  const form = Array.from(document.forms).find(
    (each) => each.hasAttribute(attribute) && element.contains(each),
  );
  if (!form) return;
  view.unload();
  // Without asking anybody, whatever its controls are called.
  HTMLFormElement.prototype.submit.call(form);
}

/** Whether the browser leaves the page when it sends a form: not for a dialog, nor for another window or frame. */
export function leavesPage(form: HTMLFormElement, submitter: HTMLElement | null): boolean {
  const of = (name: string): string =>
    submitter?.getAttribute(`form${name}`) ?? form.getAttribute(name) ?? "";
  return of("method").toLowerCase() !== "dialog" && ["", "_self"].includes(of("target"));
}
