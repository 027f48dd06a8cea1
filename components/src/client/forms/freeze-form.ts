import { membersOf } from "./bound-control.js";
import { block, disable } from "./disable.js";
import { elementsOf } from "./edits.js";

/** Marks the control that has lost the focus to a frozen form, so that a render that removes it moves the focus. */
const mark = "data-live-had-focus";

/**
 * Freezes a form: its fields become read-only, its buttons disabled, and those with a `live-disable-with` show the
 * attribute's value. A control that has the focus loses it.
 *
 * @param attribute the name of `live-disable-with`
 * @returns a function that ends this and sets the controls to the state that the view has rendered last. It moves the
 * focus to the first control that is marked as invalid, or else back to the control that had it, unless the user has
 * moved the focus elsewhere.
 */
export function freezeForm(form: HTMLFormElement, attribute: string): () => void {
  const { activeElement } = membersOf(document) as { activeElement: HTMLElement | null };
  const controls = elementsOf(form) as HTMLInputElement[];
  const isInside = !!activeElement && controls.includes(activeElement as HTMLInputElement);
  const releases = controls.map((control) =>
    control.localName === "button" || control.hasAttribute(attribute)
      ? disable(control, control.getAttribute(attribute))
      : block(control, "readOnly"),
  );
  if (isInside) {
    activeElement.setAttribute(mark, "");
    activeElement.blur();
  }
  return () => {
    for (const release of releases) release();
    // In a microtask, after the answer has been shown and its invalid controls are known.
    queueMicrotask(() => {
      activeElement?.removeAttribute(mark);
      const page = membersOf(document);
      const hasUserMovedOn = ![activeElement, page.body].includes(
        page.activeElement as HTMLElement,
      );
      if (hasUserMovedOn) return;
      const invalid = membersOf(form).querySelector<HTMLElement>("[aria-invalid=true]");
      (invalid ?? (isInside ? activeElement : null))?.focus();
    });
  };
}
