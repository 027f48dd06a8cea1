import type { FormControl } from "./form-control.js";

/** What a control contains. */
export interface ControlState {
  readonly value: string | undefined;
  readonly checked: boolean | undefined;
  /** The options of a select, and which are chosen. */
  readonly chosen: readonly (readonly [option: string, isChosen: boolean])[];
}

/** What a control contains now. */
export function stateOf({ value, checked, options = [] as never }: FormControl): ControlState {
  const chosen = Array.from(
    options,
    (option) => [`${option.value} ${option.text}`, option.selected] as const,
  );
  return { value, checked, chosen };
}

/** Whether two selects offer the same. */
export function isSameChoice(
  { chosen: one }: ControlState,
  { chosen: other }: ControlState,
): boolean {
  return one.length === other.length && one.every(([option], i) => option === other[i]?.[0]);
}

/** Makes a control contain something, as far as it does not yet, so that a caret stays. Whether it changed. */
export function setState(control: FormControl, state: ControlState): boolean {
  const isSelect = !!control.options;
  let hasChanged = false;
  for (const [i, option] of [...(control.options ?? [])].entries()) {
    const isChosen = state.chosen[i]?.[1] ?? false;
    hasChanged ||= option.selected !== isChosen;
    if (option.selected !== isChosen) option.selected = isChosen;
  }
  for (const name of ["value", "checked"] as const) {
    if (isSelect || !(name in control) || control.type === "file" || control[name] === state[name])
      continue;
    Object.assign(control, { [name]: state[name] });
    hasChanged = true;
  }
  return hasChanged;
}
