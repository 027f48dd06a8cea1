import { boundValuesOf, isEdited, membersOf, setEdited, write } from "./bound-control.js";
import { keepChoices } from "./choices.js";
import { type ControlState, setState, stateOf } from "./control-state.js";
import { unblockAll } from "./disable.js";
import { elementsOf, withKeys } from "./edits.js";
import type { FormControl } from "./form-control.js";

/** The locked controls, with the number of their locks. */
const locks = new Map<FormControl, number>();

/**
 * The controls with an edit that has not been sent to the view, and whether the view will receive it as soon as it is
 * no longer delayed.
 */
const unsent = new WeakMap<FormControl, boolean>();

/** The selects whose chosen option is gone. */
let withoutChoice: ReadonlySet<FormControl> = new Set();

/** Whether the running render shows the answer to an action of the user, such as a click. */
let isAnswering = false;

/**
 * Notes an edit that has not been sent yet. Values that the view has rendered before are out of date.
 *
 * @param isBound whether the view will receive the edit by a `live-change`
 */
export function noteUnsent(control: FormControl, isBound: boolean): void {
  unsent.set(control, isBound);
  discardStale(control);
}

/** Forgets edits that have been sent or reset. */
export function forgetUnsent(controls: readonly FormControl[]): void {
  for (const control of controls) unsent.delete(control);
}

/** Keeps values that the view has rendered from being written when their control loses the focus. */
export function discardStale(control: FormControl): void {
  for (const bound of boundValuesOf(control)) bound.isStale = false;
}

/** Called before the view's answer to an action of the user, other than input, is shown. */
export function expectAnswer(): void {
  isAnswering = true;
  queueMicrotask(() => {
    isAnswering = false;
  });
}

/**
 * Protects the contents of controls from renders while the server does not know them yet, so what it has rendered is
 * out of date.
 *
 * @param isLost whether the connection is lost. Then the view does not have what the user has entered, and will be sent it
 *   when it is joined again.
 * @param isForced whether the controls show the view's values afterwards even if one has the focus
 * @returns a function that ends this before the answer is shown. Then the controls show the values that the view has
 *   bound to them, even those that have not changed if the view has answered (`isAnswered`). A text field that has the
 *   focus shows them when it loses the focus.
 */
export function lockControls(
  controls: readonly FormControl[],
  isLost: () => boolean,
  isForced = false,
): (isAnswered: boolean) => void {
  for (const control of controls) {
    locks.set(control, (locks.get(control) ?? 0) + 1);
    discardStale(control);
  }
  return (isAnswered) => {
    for (const control of controls) {
      unlock(control);
      if (!isAnswered && isLost()) discardStale(control);
    }
    // In a microtask, after the answer has been shown.
    queueMicrotask(() => {
      for (const control of controls) showBound(control, isAnswered, isForced);
    });
  };
}

/** Whether a control waits for the reply to its event. */
export const isLocked = (control: FormControl): boolean => locks.has(control);

function unlock(control: FormControl): void {
  const count = (locks.get(control) ?? 0) - 1;
  if (count > 0) locks.set(control, count);
  else locks.delete(control);
}

/**
 * Shows the values that the view has bound to a control and that the control does not show.
 *
 * @param isAnswered whether the view knows the content of the control, so that all of its values count
 * @param isForced whether to show them even if the control has the focus
 */
export function showBound(control: FormControl, isAnswered = false, isForced = false): void {
  if (locks.has(control) || unsent.has(control) || isUnfinished(control)) return;
  for (const bound of boundValuesOf(control)) {
    if (isAnswered) bound.isStale = true;
    if (bound.isStale && (isForced || !isTyping(control))) write(bound);
  }
}

interface EditBefore {
  readonly control: FormControl;
  /** Identifies the control in a form that replaces its own. */
  readonly key: string;
  readonly state: ControlState;
}

/** The edits that were in the page before the last render, until the end of its task. */
let editsBefore: readonly EditBefore[] = [];

/**
 * Remembers the edits. Keeps those in custom elements, which may take over a `value` attribute that a render writes,
 * whereas an input that the user has changed does not.
 */
function keepEditsBefore(): () => void {
  const edits = [...membersOf(document).forms].flatMap((form): EditBefore[] => {
    const controls = elementsOf(form);
    if (!controls.some(isEdited)) return [];
    return withKeys(controls)
      .filter(([, control]) => isEdited(control))
      .map(([key, control]) => ({ key, control, state: stateOf(control) }));
  });
  editsBefore = edits;
  return () => {
    for (const { control, state } of edits) {
      const isCustom = control.localName.includes("-");
      const { value } = state;
      if (isCustom && value !== undefined && control.value !== value) control.value = value;
    }
    queueMicrotask(() => {
      editsBefore = [];
    });
  };
}

/**
 * Calls a function while controls of a form show what the user had entered before the last render: in the same controls,
 * or in those of a form that the render has replaced.
 */
export function withEdits(controls: readonly FormControl[], use: () => void): void {
  const shown = controls.map((control) => [control, stateOf(control)] as const);
  for (const [key, control] of withKeys(controls)) {
    const before =
      editsBefore.find((edit) => edit.control === control) ??
      editsBefore.find((edit) => edit.key === key && !edit.control.isConnected);
    if (before) setState(control, before.state);
  }
  use();
  for (const [control, state] of shown) setState(control, state);
}

let renders = 0;

/** Whether a render is running, so that events are not the user's. */
export const isRendering = (): boolean => renders > 0;

/** Called before a render. The returned function is called after it. */
export function beforeRender(): () => void {
  const restoreChoices = keepChoices(isEdited);
  const blockAgain = unblockAll();
  const restoreElements = keepEditsBefore();
  renders++;
  return () => {
    renders--;
    restoreElements();
    blockAgain();
    withoutChoice = restoreChoices();
    for (const select of withoutChoice) setEdited(select, false);
  };
}

/** Whether a control keeps its content although the view has rendered another one. */
export function isProtected(control: FormControl): boolean {
  if (withoutChoice.has(control)) return false;
  if (locks.has(control) || isUnfinished(control) || isTyping(control)) return true;
  const isBound = unsent.get(control);
  if (isBound || (isBound === false && isText(control) && !isAnswering)) return true;
  unsent.delete(control);
  return false;
}

/** Whether the user may be typing in a control. */
const isTyping = (control: FormControl): boolean => control.matches(":focus") && isText(control);

/**
 * Whether a field contains something that the browser cannot parse, such as `5e` in a number field. Its `value` is
 * empty then, so it cannot be saved and restored.
 */
const isUnfinished = ({ validity }: FormControl): boolean => validity?.badInput === true;

/** The types of inputs that the user does not type in. They keep the focus after a click. */
const notText: readonly string[] = [
  ...["checkbox", "radio", "range", "color", "file", "hidden"],
  ...["button", "submit", "reset", "image"],
];

/** Whether the user types in a control: in a text field, or in a custom element while its text field has the focus. */
function isText({ localName, type, shadowRoot }: FormControl): boolean {
  if (localName === "input") return !notText.includes(type ?? "");
  const inner = shadowRoot?.activeElement as FormControl | null | undefined;
  return localName === "textarea" || (!!inner && isText(inner));
}
