/** The members of form controls that the client uses. Each kind of control has only some of them. */
export type FormControl = HTMLElement &
  Partial<
    Pick<
      HTMLInputElement,
      "name" | "type" | "value" | "defaultValue" | "checked" | "defaultChecked"
    > &
      Pick<
        HTMLInputElement,
        "selectionStart" | "selectionEnd" | "setSelectionRange" | "form" | "validity"
      > &
      Pick<HTMLOptionElement, "selected" | "defaultSelected"> &
      Pick<HTMLSelectElement, "options" | "selectedIndex">
  >;

/** The controls that the user has changed since the page was opened. */
export const edited = new WeakSet<object>();

/** Whether a control has the focus, or the user has changed it and it no longer shows its default. */
export function isEdited(control: FormControl): boolean {
  const { value, defaultValue = value, options } = control;
  return (
    control.matches(":focus") ||
    edited.has(control) ||
    value !== defaultValue ||
    control.checked !== control.defaultChecked ||
    control.selected !== control.defaultSelected ||
    (options !== undefined && control.selectedIndex !== defaultIndexOf(options))
  );
}

/** Returns the index of the option that a select shows by default. */
function defaultIndexOf(options: HTMLOptionsCollection): number {
  const index = [...options].findIndex((option) => option.defaultSelected);
  return Math.max(0, index);
}
