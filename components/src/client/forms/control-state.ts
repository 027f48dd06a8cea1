import type { FormControl } from "./form-control.js";

/** The content of a form control. */
export interface ControlState {
  readonly value: string | undefined;
  readonly checked: boolean | undefined;
  /** The options of a select: the value and the text of each, and whether it is selected. */
  readonly chosen: readonly (readonly [value: string, text: string, isChosen: boolean])[];
  /** The files that the user has chosen. */
  readonly files: FileList | null | undefined;
}

/** Reads the content of a control. */
export function stateOf(control: FormControl): ControlState {
  const { value, checked, files, options = [] as never } = control;
  const chosen = Array.from(
    options,
    (option) => [option.value, option.text, option.selected] as const,
  );
  return { value, checked, chosen, files };
}

/** Writes the content of a control. What is equal already is not written, so that the caret does not move. */
export function setState(control: FormControl, state: ControlState): void {
  if (control.options) setOptions(control.options, state);
  else if (control.type === "file") setFiles(control, state);
  else setValues(control, state);
}

/** Chooses options by their values, because the positions may differ. A select without one of them is not changed. */
function setOptions(options: HTMLOptionsCollection, { chosen }: ControlState): void {
  const found = chosen.flatMap(([value, , isChosen], i) => {
    const isChosenOption = (option: HTMLOptionElement | undefined) => option?.value === value;
    const same = isChosenOption(options[i]) ? options[i] : [...options].find(isChosenOption);
    return isChosen ? [same] : [];
  });
  if (chosen.length === 0 || found.includes(undefined)) return;
  for (const option of options) {
    const isChosen = found.includes(option);
    if (option.selected !== isChosen) option.selected = isChosen;
  }
}

/** Copies the files of an input that another one replaces. A script cannot choose files in another way. */
function setFiles(control: FormControl, { files }: ControlState): void {
  if (files?.length && !control.files?.length) control.files = files;
}

function setValues(control: FormControl, state: ControlState): void {
  for (const name of ["value", "checked"] as const) {
    if (name in control && control[name] !== state[name])
      Object.assign(control, { [name]: state[name] });
  }
}
