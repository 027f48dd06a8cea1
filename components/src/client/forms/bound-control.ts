import { defaultOptionsOf, showsDefault } from "./defaults.js";
import type { BoundName, BoundValue, FormControl } from "./form-control.js";

/** The members of the main script that this module uses, because it cannot import them. */
export interface MainScript {
  readonly edited: WeakSet<object>;
  readonly boundTo: WeakMap<Element, Partial<Record<BoundName, BoundValue>>>;
  membersOf<Type extends Node>(node: Type): Type;
}

let mainScript: MainScript = {
  edited: new WeakSet(),
  boundTo: new WeakMap(),
  membersOf: (node) => node,
};

/** Sets what the main script shares. Called when the module has been loaded. */
export function setMainScript(values: MainScript): void {
  mainScript = values;
}

/** Returns an object with the members of a form or the document, even if they are hidden by controls of the same names. */
export const membersOf: MainScript["membersOf"] = (node) => mainScript.membersOf(node);

/** Whether the user has changed a control, and no update of the view has changed it since. */
export const isEdited = (control: FormControl): boolean => mainScript.edited.has(control);

/** Whether the user has changed a control of the server's HTML, perhaps before the client was loaded. */
export const isEditedBefore = (control: FormControl): boolean =>
  isEdited(control) || !showsDefault(control);

/** Notes whether a control contains the user's edit. */
export function setEdited(control: FormControl, hasEdit = true): void {
  if (hasEdit) mainScript.edited.add(control);
  else mainScript.edited.delete(control);
}

/**
 * Writes the values that a render has bound, except to controls that are protected. Those keep what they show, and their
 * values are marked as stale.
 */
export function writeBound(
  rendered: Iterable<BoundValue>,
  isProtected: (control: FormControl) => boolean,
): void {
  markGroups(rendered);
  for (const bound of rendered) {
    const control = controlOf(bound.element);
    const { isAdopted, isChanged } = bound;
    bound.isChanged = bound.isAdopted = false;
    if (isAdopted && isEditedBefore(control)) setEdited(control);
    // New options of a select may not have the value, or may be the first ones that have it.
    else if (isChanged || (control.options && !isEdited(control))) {
      if (isProtected(control)) bound.isStale = true;
      else write(bound);
    }
  }
}

/**
 * Marks all values of a group as changed if one of them is: the radio buttons of the same name, or the options of a
 * select. If the view takes a choice back, none of the values that have changed ends the user's choice.
 */
function markGroups(rendered: Iterable<BoundValue>): void {
  const groups = new Map<unknown, Map<string, BoundValue[]>>();
  for (const bound of rendered) {
    const { type, name = "", form } = bound.element;
    const isRadio = type === "radio" && name !== "";
    if (!isRadio && bound.name !== "selected") continue;
    const byName = getOrAdd(groups, isRadio ? form : controlOf(bound.element), () => new Map());
    getOrAdd(byName, name, () => []).push(bound);
  }
  for (const group of [...groups.values()].flatMap((byName) => [...byName.values()])) {
    const isChanged = group.some((bound) => bound.isChanged);
    for (const bound of group) bound.isChanged = isChanged;
  }
}

function getOrAdd<Key, Value>(map: Map<Key, Value>, key: Key, create: () => Value): Value {
  const value = map.get(key) ?? create();
  map.set(key, value);
  return value;
}

/** Returns the values that the view has bound to a control: its own, and those of a select's options. */
export const boundValuesOf = (control: FormControl): BoundValue[] =>
  [control, ...(control.options ?? [])].flatMap((element) =>
    Object.values(mainScript.boundTo.get(element) ?? {}).filter((bound) => bound !== undefined),
  );

/** Writes a value to its control, unless the control shows it already. */
export function write(bound: BoundValue): void {
  const { element, name } = bound;
  const control = controlOf(element);
  bound.isStale = bound.isChanged = false;
  if (element.localName === "select") {
    if (choose(element as HTMLSelectElement, bound.value)) setEdited(control, false);
    return;
  }
  const value = toProperty(bound);
  if (element[name] === value) return;
  Object.assign(element, { [name]: value });
  setEdited(control, false);
}

/** Returns the select of an option, or the control itself. */
const controlOf = (element: FormControl): FormControl =>
  (element.localName === "option" && element.closest("select")) || element;

function toProperty({ element, name, value }: BoundValue): unknown {
  if (element.localName.includes("-")) return value;
  return name === "value" ? String(value ?? "") : Boolean(value);
}

/**
 * Chooses the options of a select that have a value, or one of several values. If there is none, it chooses the
 * default, as the server's HTML does. Returns whether something has changed.
 */
function choose(select: HTMLSelectElement, value: unknown): boolean {
  const isEmpty = value === null || value === undefined;
  const values = isEmpty ? [] : [value].flat().map(String);
  const found = [...select.options].filter((option) => values.includes(option.value));
  const useDefault = select.multiple ? isEmpty : found.length === 0;
  const chosen = useDefault
    ? defaultOptionsOf(select)
    : found.slice(0, select.multiple ? undefined : 1);
  const wrong = [...select.options].filter((option) => option.selected !== chosen.includes(option));
  // Choosing an option of a dropdown ends the choice of another one.
  for (const option of wrong) option.selected = chosen.includes(option);
  return wrong.length > 0;
}
