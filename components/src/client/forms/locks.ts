import { isSameChoice, setState, stateOf } from "./control-state.js";
import type { FormControl } from "./form-control.js";

const locks = new Map<FormControl, number>();
const refused = new WeakMap<FormControl, () => void>();

/**
 * Keeps what controls contain as it is: what the server sends before it knows of that is out of date.
 *
 * @returns ends it; controls then take over what the server has said meanwhile, unless the user is in them.
 */
export function lockControls(controls: readonly FormControl[]): () => void {
  for (const control of controls) {
    locks.set(control, (locks.get(control) ?? 0) + 1);
    refused.delete(control);
  }
  return () => {
    for (const control of controls) {
      const count = (locks.get(control) ?? 0) - 1;
      if (count > 0) locks.set(control, count);
      else locks.delete(control);
      if (count === 0 && !control.matches(":focus") && !isUnfinished(control))
        refused.get(control)?.();
    }
  };
}

let rendering = 0;

/** Whether what happens now is the work of a render, not of the user. */
export const isRendering = (): boolean => rendering > 0;

/** Whether a field shows what the browser cannot read, such as `5e` for a number; its value would not tell. */
const isUnfinished = ({ validity }: FormControl): boolean => !!validity?.badInput;

/** Renders without changing what is in the control that has the focus, or in one that is locked or not finished. */
export function renderAround(render: () => void): void {
  const focused = document.activeElement as FormControl | null;
  const unfinished = [...document.querySelectorAll("input")].filter(isUnfinished);
  const kept = new Set<FormControl>([...locks.keys(), ...unfinished]);
  if (focused && "value" in focused && !notTyped.test(focused.type ?? focused.localName))
    kept.add(focused);
  const releases = Array.from(kept, keep);
  rendering++;
  try {
    render();
  } finally {
    rendering--;
    for (const release of releases) release();
  }
}

const notTyped = /^(button|submit|reset|image|li)$/;

/** Lets nothing be written to a control, until the function returned is called. */
function keep(control: FormControl): () => void {
  const before = stateOf(control);
  const written: Partial<FormControl> = {};
  const releases = (["value", "checked"] as const).map((name) => shield(control, name, written));
  return () => {
    for (const release of releases) release();
    const offered = stateOf(control);
    const apply = (): void => {
      setState(control, offered);
      Object.assign(control, written);
    };
    // Of other options the server has chosen. Attributes change what the user has not changed yet.
    if (!isSameChoice(before, offered)) apply();
    else if (setState(control, before) || Object.keys(written).length > 0)
      refused.set(control, apply);
  };
}

/** Hides a property behind one that stays as it is, so that not even the caret moves. */
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
