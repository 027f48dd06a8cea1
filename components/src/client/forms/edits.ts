import { membersOf, setEdited } from "./bound-control.js";
import { setState, stateOf } from "./control-state.js";
import type { FormControl } from "./form-control.js";

const nativeControls: readonly string[] = ["input", "select", "textarea", "button"];

/** Whether an element is a control whose content a form contains. Custom elements can be, too. */
export const isControl = (element: Element): boolean =>
  nativeControls.includes(element.localName) || isFormAssociated(element);

const isFormAssociated = (element: Element): boolean => "formAssociated" in element.constructor;

/** Returns the form of a control. */
export function formOf(control: FormControl): HTMLFormElement | null {
  if (control instanceof HTMLFormElement) return null;
  return control.form ?? (isFormAssociated(control) ? control.closest("form") : null);
}

/**
 * Remembers the user's edits in controls, and which of them had the focus.
 *
 * @returns a function that restores the edits in the controls below another element that have the same id or name,
 * except the control that has the focus at that time. It restores the focus too, unless another element has it.
 */
export function keepEdits(
  from: ParentNode,
  isEdited: (control: FormControl) => boolean,
  focused: Element | null,
): (to: ParentNode) => void {
  const before = withKeys(controlsOf(from));
  const edits = before
    .filter(([, control]) => isEdited(control))
    .map(([key, control]) => [key, stateOf(control)] as const);
  const [focusedKey, focusedControl] = before.find(([, control]) => control === focused) ?? [];
  const restoreFocus = keepFocus(focusedControl ?? ({} as FormControl));
  return (to) => {
    const sameIn = new Map(withKeys(controlsOf(to)));
    for (const [key, state] of edits) {
      const same = sameIn.get(key);
      if (!same || same.matches(":focus")) continue;
      setState(same, state);
      setEdited(same);
    }
    const same = focusedKey && sameIn.get(focusedKey);
    if (same && !same.matches(":focus")) restoreFocus(same);
  };
}

/** Remembers the caret of a control. Returns a function that gives the focus and the same caret to another control. */
function keepFocus({ selectionStart, selectionEnd }: FormControl): (control: FormControl) => void {
  return (control) => {
    const { activeElement, body } = membersOf(document);
    if (activeElement !== body) return;
    control.focus();
    // Controls without text have no selection: it is null or undefined.
    if (typeof selectionStart !== "number") return;
    control.setSelectionRange?.(selectionStart, selectionEnd ?? selectionStart);
  };
}

/** Finds the controls below an element. */
export const controlsOf = (root: ParentNode): FormControl[] =>
  ([...root.querySelectorAll("*")] as FormControl[]).filter(
    (element) => element.localName !== "button" && isControl(element),
  );

const isCheckable = ({ type }: FormControl): boolean => type === "checkbox" || type === "radio";

/**
 * Returns controls with strings that identify them in another render of the same view: by the id of the form, the id or
 * the name of the control, and its value if it can be checked. Controls that have all of these in common are numbered.
 */
export function withKeys(controls: readonly FormControl[]): [key: string, control: FormControl][] {
  const counts = new Map<string, number>();
  return controls.map((control) => {
    const name =
      control.id || `${control.getAttribute("name")} ${isCheckable(control) ? control.value : ""}`;
    const key = `${formIdOf(control)} ${name}`;
    const count = counts.get(key) ?? 0;
    counts.set(key, count + 1);
    return [`${key} ${count}`, control];
  });
}

function formIdOf(control: FormControl): string | undefined {
  const form = formOf(control);
  return form ? membersOf(form).id : undefined;
}

/** Lists the controls of a form, buttons and controls elsewhere in the page included. */
export const elementsOf = (form: HTMLFormElement): FormControl[] =>
  [...membersOf(form).elements] as FormControl[];

/** Returns a radio button with the others of its group, which change with it, or another control alone. */
export function groupOf(control: FormControl): FormControl[] {
  const form = formOf(control);
  if (control.type !== "radio" || !form) return [control];
  const group = elementsOf(form).filter(
    ({ type, name }) => type === "radio" && !!name && name === control.name,
  );
  return [...new Set([control, ...group])];
}
