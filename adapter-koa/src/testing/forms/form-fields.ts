import type { Element } from "domhandler";
import { failure } from "../failure.js";
import { describeElement } from "../html/page-html.js";
import { buttonTypeOf, isDisabled, typeOf } from "./control-type.js";
import { checkedValue, isChecked, sentValues } from "./field-value.js";
import { checkFilled, type FormValue, type FormValues, filled } from "./filled-value.js";
import { controlsOf } from "./form-owner.js";
import { submitterEntries } from "./submitter.js";
import { directionName, directionOf } from "./text-direction.js";

/** An entry that a form sends. */
export type Entry = readonly [name: string, value: string | File];

/** The controls of a form that a user has used, besides filling in values. */
export interface Used {
  /** The button that is pressed. */
  readonly submitter?: Element | undefined;
  /** A checkbox or radio button that is clicked. */
  readonly toggled?: Element | undefined;
}

/** The fields of a form. */
export class FormFields {
  readonly #form: Element;
  /** The fields and buttons. */
  readonly #controls: readonly Element[];
  readonly #fields: readonly Element[];

  constructor(form: Element) {
    this.#form = form;
    this.#controls = controlsOf(form);
    this.#fields = this.#controls.filter(
      (control) => control.attribs.name && buttonTypeOf(control) === undefined,
    );
  }

  /**
   * Returns the entries that the form sends, in document order.
   *
   * @param values the values that a test fills in
   * @throws AssertionError for a value without a field, or a value that its field cannot have
   */
  entries(values: FormValues = {}, { submitter, toggled }: Used = {}): Entry[] {
    for (const [name, value] of Object.entries(values)) this.#check(name, value);
    const taken = new Map<string, number>();
    return this.#controls
      .filter((control) => control === submitter || this.#fields.includes(control))
      .filter((control) => !isDisabled(control))
      .flatMap((field): Entry[] => {
        if (field === submitter) return submitterEntries(field);
        const { name = "" } = field.attribs;
        // A hidden field before a checkbox of the same name keeps its value.
        const isFilled = Object.hasOwn(values, name) && !isHidden(field);
        const at = taken.get(name) ?? 0;
        if (isFilled) taken.set(name, at + 1);
        const value = isFilled ? filled(field, values[name] as FormValue, at) : undefined;
        const sent = value ?? unfilled(field, toggled);
        return sent.flatMap((one): Entry[] => [[name, one], ...directionEntries(field, one)]);
      });
  }

  /** The names of the fields that a user can change. */
  get visibleNames(): readonly string[] {
    const visible = this.#fields.filter((field) => !isHidden(field));
    return [...new Set(visible.map(({ attribs }) => attribs.name ?? ""))];
  }

  /** The button that Enter presses: the first submit button. */
  get defaultButton(): Element | undefined {
    return this.#controls.find((control) => buttonTypeOf(control) === "submit");
  }

  /** The reset button whose event reports a reset: the first one. */
  get resetButton(): Element | undefined {
    return this.#controls.find((control) => buttonTypeOf(control) === "reset");
  }

  /**
   * Returns the field of a name. Of several fields, returns the first that a user can change, if possible one with its own
   * `live-change`.
   *
   * @throws AssertionError when the form has no field of this name
   */
  named(name: string): Element {
    const fields = this.#named(name);
    const visible = fields.filter((field) => !isHidden(field));
    const bound = visible.find(({ attribs }) => "live-change" in attribs);
    return bound ?? visible[0] ?? (fields[0] as Element);
  }

  #named(name: string): readonly Element[] {
    const fields = this.#fields.filter(({ attribs }) => attribs.name === name);
    if (fields.length > 0) return fields;
    throw failure(`the form ${describeTag(this.#form)} has no field "${name}"`, {
      candidates: this.#fields.map(describeElement),
    });
  }

  #check(name: string, value: FormValue): void {
    const visible = this.#named(name).filter((field) => !isHidden(field));
    if (visible.length === 0) {
      throw failure(`the field "${name}" is hidden, so a user cannot fill it in`, {
        expected: 'the option "unchecked" for values that a user cannot enter',
        candidates: this.#fields.filter((field) => !isHidden(field)).map(describeElement),
      });
    }
    const usable = visible.filter((field) => !isDisabled(field));
    if (usable.length === 0) {
      throw failure(`the field "${name}" is disabled`, {
        candidates: this.#fields.filter((field) => !isDisabled(field)).map(describeElement),
      });
    }
    checkFilled(name, usable, value);
  }
}

const describeTag = (element: Element): string => describeElement(element).replace(/>.*/s, ">");

const isHidden = (field: Element): boolean => typeOf(field) === "hidden";

/** Returns the values of a field that the test has not filled in. */
function unfilled(field: Element, toggled: Element | undefined): readonly (string | File)[] {
  // As in a browser, a file field without a file sends a file without a name.
  if (typeOf(field) === "file") return [new File([], "", { type: "application/octet-stream" })];
  if (!toggled || !isSameChoice(field, toggled)) return sentValues(field);
  const isOn = field === toggled && (typeOf(field) === "radio" || !isChecked(field));
  return isOn ? [checkedValue(field)] : [];
}

/** Returns whether a click on `toggled` can change a field: the same field, or a radio button of its group. */
const isSameChoice = (field: Element, toggled: Element): boolean =>
  field === toggled ||
  (typeOf(field) === "radio" &&
    typeOf(toggled) === "radio" &&
    field.attribs.name === toggled.attribs.name);

function directionEntries(field: Element, value: string | File): Entry[] {
  const name = directionName(field);
  return name !== undefined && typeof value === "string" ? [[name, directionOf(field, value)]] : [];
}
