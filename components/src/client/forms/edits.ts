import { setState, stateOf } from "./control-state.js";
import type { FormControl } from "./form-control.js";

/** The form of an element that takes part in one, custom elements included. */
export function formOf(element: FormControl): HTMLFormElement | null {
  return element.form ?? ("formAssociated" in element.constructor ? element.closest("form") : null);
}

/**
 * Remembers what the user has typed and chosen in controls, and which of them had the focus.
 *
 * @returns puts it into the controls below an element that have the same id, or the same name, unless the user
 *   is in them meanwhile; the focus too, unless it is somewhere else.
 */
export function keepEdits(
  from: ParentNode,
  isEdited: (control: FormControl) => boolean,
  focused: Element | null,
): (to: ParentNode) => void {
  const kept = controlsOf(from)
    .filter((control) => control === focused || isEdited(control))
    .map((control) => ({ control, state: stateOf(control) }));
  const { selectionStart, selectionEnd } = (focused ?? {}) as FormControl;
  return (to) => {
    const now = new Map(controlsOf(to).map((control) => [keyOf(control), control]));
    for (const { control, state } of kept) {
      const same = now.get(keyOf(control));
      if (!same || same.matches(":focus")) continue;
      setState(same, state);
      if (control !== focused || document.activeElement !== document.body) continue;
      same.focus();
      // Only text-like controls have a selection; others report null.
      if (selectionStart != null)
        same.setSelectionRange?.(selectionStart, selectionEnd ?? selectionStart);
    }
  };
}

/** The controls below an element. */
export const controlsOf = (root: ParentNode): FormControl[] =>
  ([...root.querySelectorAll("*")] as FormControl[]).filter(
    (element) => /^(input|select|textarea)$/.test(element.localName) || formOf(element),
  );

const isCheckable = ({ type }: FormControl): boolean => type === "checkbox" || type === "radio";

/** What tells a control from others. */
export const keyOf = (control: FormControl): string =>
  control.id || `${control.getAttribute("name")} ${isCheckable(control) ? control.value : ""}`;
