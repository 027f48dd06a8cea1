import type { Action, Binder } from "../bindings/binder.js";
import type { Delays } from "../bindings/delays.js";
import { elementsOf, groupOf } from "./edits.js";
import type { FormControl } from "./form-control.js";
import { forgetUnsent, lockControls } from "./locks.js";
import { serializeForm } from "./serialize-form.js";

/** A field that has changed, and the element that sends it. */
export interface ChangedField {
  readonly form: HTMLFormElement;
  /** The element with the `live-change`: the form, which sends all fields, or the field, which sends itself only. */
  readonly source: HTMLElement;
  readonly field: FormControl;
}

/** The event of a field that has changed. */
export interface ChangeAction extends Action {
  readonly value: (added?: object) => string;
  readonly begin: NonNullable<Action["begin"]>;
}

/** Describes the event of a field that has changed. */
export function changeAction(
  binder: Binder,
  delays: Delays,
  { form, source, field }: ChangedField,
): ChangeAction {
  const only = source === form ? undefined : field;
  return {
    type: "form",
    name: "change",
    value: (added) =>
      serializeForm(form, {
        target: field,
        only,
        values: { ...binder.valuesOf(form), ...binder.valuesOf(source), ...added },
      }),
    marked: [field, form],
    begin: () => {
      // The event contains the values of the other fields, so their own delayed events are not needed.
      const others = only ? [] : othersOf(binder, form, field);
      delays.dropEdits(others);
      forgetUnsent([field, ...others]);
      return lockControls(groupOf(field), () => isLost(binder));
    },
  };
}

/** Whether the connection of a view is lost. */
export const isLost = ({ element }: Binder): boolean => element.status === "disconnected";

/** Lists the controls of a form, except one, that have no `live-change` of their own. */
function othersOf(binder: Binder, form: HTMLFormElement, field: FormControl): FormControl[] {
  return elementsOf(form).filter((each) => each !== field && !binder.has(each, "change"));
}
