/** The members of form controls that the client uses. Each kind of control has only some of them. */
export type FormControl = HTMLElement &
  Partial<
    Pick<
      HTMLInputElement,
      "name" | "type" | "value" | "defaultValue" | "checked" | "defaultChecked"
    > &
      Pick<
        HTMLInputElement,
        "selectionStart" | "selectionEnd" | "setSelectionRange" | "form" | "validity" | "files"
      > &
      Pick<HTMLOptionElement, "selected" | "defaultSelected"> &
      Pick<HTMLSelectElement, "options" | "multiple" | "size">
  >;

/** The properties with the content of a control. */
export type BoundName = "value" | "checked" | "selected";

/** The value that the view has bound to a property of a form control. */
export interface BoundValue {
  readonly element: FormControl;
  readonly name: BoundName;
  value: unknown;
  /** Whether the control does not show the value, because it was protected when the value was rendered. */
  isStale?: boolean;
  /** Whether the value has to be written after the render. */
  isChanged: boolean;
  /** Whether the control is the server's, which the user may have changed before the view was joined. */
  isAdopted: boolean;
}

/** The controls that the user has changed, and that no update of the view has changed since. */
export const edited = new WeakSet<object>();

const noteEdit = (e: Event): void => {
  // With a custom element, the event may come from a control in its shadow root.
  for (const node of e.composedPath()) edited.add(node);
};
// In the capture phase, so that the edit is known before any other listener runs. Node has no such function.
for (const type of ["input", "change"]) globalThis.addEventListener?.(type, noteEdit, true);
