/** What the form controls have in common for us; each has only some of it. */
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

/** Whether the user is in a control or has changed it, so that it no longer shows what the page says. */
export function isEdited(control: FormControl): boolean {
  const { value, defaultValue = value, options } = control;
  return (
    control.matches(":focus") ||
    edited.has(control) ||
    value !== defaultValue ||
    control.checked !== control.defaultChecked ||
    control.selected !== control.defaultSelected ||
    (!!options &&
      control.selectedIndex !==
        Math.max(
          0,
          [...options].findIndex((option) => option.defaultSelected),
        ))
  );
}
