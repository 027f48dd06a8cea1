import { hasSameOptions, setState, stateOf } from "./control-state.js";
import type { FormControl } from "./form-control.js";

/** The locked controls, with the number of their locks. */
const locks = new Map<FormControl, number>();

/** Functions that write into controls what a render was not allowed to write. */
const refused = new WeakMap<FormControl, () => void>();

/**
 * Protects the contents of controls from renders while the server does not know them yet, so what it has rendered is
 * out of date.
 *
 * @returns a function that ends this. Then the controls take what was rendered last, unless the user is in them.
 */
export function lockControls(controls: readonly FormControl[]): () => void {
  for (const control of controls) {
    locks.set(control, (locks.get(control) ?? 0) + 1);
    refused.delete(control);
  }
  return () => {
    for (const control of controls) unlock(control);
  };
}

function unlock(control: FormControl): void {
  const count = (locks.get(control) ?? 0) - 1;
  if (count > 0) {
    locks.set(control, count);
    return;
  }
  locks.delete(control);
  if (!control.matches(":focus") && !isUnfinished(control)) refused.get(control)?.();
}

let renders = 0;

/** Whether a render is running, so that events are not the user's. */
export const isRendering = (): boolean => renders > 0;

/**
 * Whether a field contains something that the browser cannot parse, such as `5e` in a number field. Its `value` is
 * empty then, so it cannot be saved and restored.
 */
const isUnfinished = ({ validity }: FormControl): boolean => validity?.badInput === true;

/** Control types, and names of elements, that have a value but no input by the user. */
const notEditable: readonly string[] = ["button", "submit", "reset", "image", "li"];

/** Renders without changing the control that has the focus, locked controls, and fields with unfinished input. */
export function renderAround(render: () => void): void {
  const releases = Array.from(findProtected(), protect);
  renders++;
  try {
    render();
  } finally {
    renders--;
    for (const release of releases) release();
  }
}

function findProtected(): Set<FormControl> {
  const unfinished = [...document.querySelectorAll("input")].filter(isUnfinished);
  const found = new Set<FormControl>([...locks.keys(), ...unfinished]);
  const focused = document.activeElement as FormControl | null;
  const isEditing =
    focused && "value" in focused && !notEditable.includes(focused.type ?? focused.localName);
  if (isEditing) found.add(focused);
  return found;
}

/** Protects the content of a control until the returned function is called. */
function protect(control: FormControl): () => void {
  const before = stateOf(control);
  const written: Partial<FormControl> = {};
  const releases = (["value", "checked"] as const).map((name) => shield(control, name, written));
  return () => {
    for (const release of releases) release();
    // Attributes change the content of a control that the user has not changed yet.
    const rendered = stateOf(control);
    const apply = (): void => {
      setState(control, rendered);
      Object.assign(control, written);
    };
    // The user's choice does not exist among other options. The server has chosen one of them.
    if (!hasSameOptions(before, rendered)) apply();
    else if (setState(control, before) || Object.keys(written).length > 0)
      refused.set(control, apply);
  };
}

/**
 * Hides a property of a control behind one that does not change. Writing the same value afterwards would move the
 * caret.
 */
function shield(
  control: FormControl,
  name: "value" | "checked",
  written: Partial<FormControl>,
): () => void {
  if (!(name in control)) return () => {};
  const own = Object.getOwnPropertyDescriptor(control, name);
  const shown = control[name];
  Object.defineProperty(control, name, {
    configurable: true,
    get: () => shown,
    set: (value) => Object.assign(written, { [name]: value }),
  });
  return () => {
    delete control[name];
    if (own) Object.defineProperty(control, name, own);
  };
}
