/** What the form controls have in common for us; each has only some of it. */
export type FormControl = HTMLElement &
  Partial<
    Pick<HTMLInputElement, "name" | "type" | "value" | "defaultValue" | "checked" | "defaultChecked"> &
      Pick<HTMLInputElement, "selectionStart" | "selectionEnd" | "setSelectionRange"> &
      Pick<HTMLOptionElement, "selected" | "defaultSelected"> &
      Pick<HTMLSelectElement, "options" | "selectedIndex">
  >;

/** Whether the user is in a control or has changed it, so that it no longer shows what the page says. */
export function isEdited(control: FormControl): boolean {
  const { value, defaultValue = value, options } = control;
  return (
    control.matches(":focus") ||
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

/**
 * Remembers what the user has typed and chosen below an element, and where the focus is.
 *
 * @returns puts it into the controls that then have the same id, or the same name.
 */
export function keepEdits(root: HTMLElement): () => void {
  const edited = controlsOf(root).filter(isEdited);
  const focused = edited.find((control) => control.matches(":focus"));
  const { selectionStart, selectionEnd } = focused ?? {};
  return () => {
    const now = new Map(controlsOf(root).map((control) => [keyOf(control), control]));
    for (const control of edited) {
      const same = now.get(keyOf(control));
      if (!same) continue;
      for (const name of ["value", "checked", "selectedIndex"] as const) {
        if (name in control && control.type !== "file") Object.assign(same, { [name]: control[name] });
      }
      if (control !== focused) continue;
      same.focus();
      // Only text-like controls have a selection; others report null.
      if (selectionStart != null) same.setSelectionRange?.(selectionStart, selectionEnd ?? selectionStart);
    }
  };
}

const controlsOf = (root: HTMLElement): FormControl[] => [
  ...root.querySelectorAll<FormControl>("input,select,textarea"),
];

const isCheckable = ({ type }: FormControl): boolean => type === "checkbox" || type === "radio";

const keyOf = (control: FormControl): string =>
  control.id || `${control.name} ${isCheckable(control) ? control.value : ""}`;
