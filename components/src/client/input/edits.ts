import type { FormControl } from "../form-control.js";
import { setState, stateOf } from "./control-state.js";

/** The form of an element that takes part in one, custom elements included. */
export function formOf(element: FormControl): HTMLFormElement | null {
  return element.form ?? ("formAssociated" in element.constructor ? element.closest("form") : null);
}

/**
 * Remembers what the user has typed and chosen below an element, and where the focus is.
 *
 * @returns puts it into the controls that then have the same id, or the same name.
 */
export function keepEdits(root: HTMLElement, isEdited: (control: FormControl) => boolean): () => void {
  const kept = controlsOf(root)
    .filter(isEdited)
    .map((control) => ({ control, state: stateOf(control) }));
  const focused = kept.find(({ control }) => control.matches(":focus"))?.control;
  const { selectionStart, selectionEnd } = focused ?? {};
  return () => {
    const now = new Map(controlsOf(root).map((control) => [keyOf(control), control]));
    for (const { control, state } of kept) {
      const same = now.get(keyOf(control));
      if (!same) continue;
      setState(same, state);
      if (control !== focused) continue;
      same.focus();
      // Only text-like controls have a selection; others report null.
      if (selectionStart != null) same.setSelectionRange?.(selectionStart, selectionEnd ?? selectionStart);
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
