import type { FormControl } from "./form-control.js";

/**
 * Whether a control shows its default, so that the user has not changed it. Compares it with its attributes. Therefore
 * it may be used only until the view has been shown for the first time.
 */
export function showsDefault(control: FormControl): boolean {
  const { localName, type, value, options } = control;
  if (options) {
    const chosen = defaultOptionsOf(control as HTMLSelectElement);
    return [...options].every((option) => option.selected === chosen.includes(option));
  }
  if (localName === "textarea") return value === control.defaultValue;
  if (localName !== "input") return true;
  if (type === "checkbox" || type === "radio") return control.checked === control.defaultChecked;
  return value === defaultValueOf(control);
}

/** Returns the value of an input that has the same attributes: the default of a range is in its middle. */
function defaultValueOf(control: FormControl): string {
  const input = document.createElement("input");
  for (const name of ["type", "multiple", "min", "max", "step", "value"]) {
    const value = control.getAttribute(name);
    if (value !== null) input.setAttribute(name, value);
  }
  return input.value;
}

/** Returns the options that a select shows by default. */
export function defaultOptionsOf(select: HTMLSelectElement): readonly HTMLOptionElement[] {
  const options = [...select.options];
  const marked = options.filter((option) => option.defaultSelected);
  if (select.multiple) return marked;
  const isDropdown = select.size <= 1;
  const first = isDropdown ? options.filter((option) => !option.matches(":disabled")) : [];
  return marked.length > 0 ? marked.slice(-1) : first.slice(0, 1);
}
