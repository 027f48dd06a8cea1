import { type ControlState, setState, stateOf } from "./control-state.js";
import type { FormControl } from "./form-control.js";

interface Edit {
  readonly control: FormControl;
  readonly state: ControlState;
}

/** Returns the form of an element that takes part in one. Custom elements can, too. */
export function formOf(element: FormControl): HTMLFormElement | null {
  return element.form ?? ("formAssociated" in element.constructor ? element.closest("form") : null);
}

/**
 * Remembers the user's edits in controls, and which of them had the focus.
 *
 * @returns a function that restores the edits in the controls below another element that have the same id or name,
 *   except the control that has the focus by then. It restores the focus too, unless another element has it.
 */
export function keepEdits(
  from: ParentNode,
  isEdited: (control: FormControl) => boolean,
  focused: Element | null,
): (to: ParentNode) => void {
  const edits: Edit[] = controlsOf(from)
    .filter((control) => control === focused || isEdited(control))
    .map((control) => ({ control, state: stateOf(control) }));
  const restoreFocus = keepFocus((focused ?? {}) as FormControl);
  return (to) => {
    const controls = new Map(controlsOf(to).map((control) => [keyOf(control), control]));
    for (const { control, state } of edits) {
      const same = controls.get(keyOf(control));
      if (!same || same.matches(":focus")) continue;
      setState(same, state);
      if (control === focused) restoreFocus(same);
    }
  };
}

/** Remembers the caret of a control. Returns a function that gives another one the focus and the same caret. */
function keepFocus({ selectionStart, selectionEnd }: FormControl): (control: FormControl) => void {
  return (control) => {
    if (document.activeElement !== document.body) return;
    control.focus();
    // Controls without text have no selection: it is null or undefined.
    if (typeof selectionStart !== "number") return;
    control.setSelectionRange?.(selectionStart, selectionEnd ?? selectionStart);
  };
}

/** Finds the controls below an element. */
export const controlsOf = (root: ParentNode): FormControl[] =>
  ([...root.querySelectorAll("*")] as FormControl[]).filter(
    (element) => ["input", "select", "textarea"].includes(element.localName) || formOf(element),
  );

const isCheckable = ({ type }: FormControl): boolean => type === "checkbox" || type === "radio";

/** Returns a string that identifies a control: its id, or else its name, and its value if it can be checked. */
export const keyOf = (control: FormControl): string =>
  control.id || `${control.getAttribute("name")} ${isCheckable(control) ? control.value : ""}`;
