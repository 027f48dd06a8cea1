import type { FormControl } from "./form-control.js";

/** The content of a form control. */
export interface ControlState {
  readonly value: string | undefined;
  readonly checked: boolean | undefined;
  /** The options of a select, each with its value and text, and whether it is selected. */
  readonly chosen: readonly (readonly [option: string, isChosen: boolean])[];
}

/** Reads the content of a control. */
export function stateOf({ value, checked, options = [] as never }: FormControl): ControlState {
  const chosen = Array.from(
    options,
    (option) => [`${option.value} ${option.text}`, option.selected] as const,
  );
  return { value, checked, chosen };
}

/**
 * Writes the content of a control. What is equal already is not written, so that the caret does not move.
 *
 * @returns whether something has changed.
 */
export function setState(control: FormControl, state: ControlState): boolean {
  return control.options ? setOptions(control.options, state) : setValues(control, state);
}

function setOptions(options: HTMLOptionsCollection, { chosen }: ControlState): boolean {
  let hasChanged = false;
  for (const [i, option] of [...options].entries()) {
    const isChosen = chosen[i]?.[1] ?? false;
    if (option.selected === isChosen) continue;
    option.selected = isChosen;
    hasChanged = true;
  }
  return hasChanged;
}

function setValues(control: FormControl, state: ControlState): boolean {
  // A script cannot choose a file.
  if (control.type === "file") return false;
  const changed = (["value", "checked"] as const).filter(
    (name) => name in control && control[name] !== state[name],
  );
  for (const name of changed) Object.assign(control, { [name]: state[name] });
  return changed.length > 0;
}
