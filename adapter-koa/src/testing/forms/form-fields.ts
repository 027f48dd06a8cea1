import type { Element } from "domhandler";
import { failure } from "../failure.js";
import { closest, describeElement, type PageHtml } from "../html/page-html.js";
import {
  checkedValue,
  isCheckable,
  isDisabled,
  isMultiple,
  offeredValues,
  sentValues,
  typeOf,
} from "./field-value.js";

/** A value that a test fills into a form: a string, a choice, or a list for several fields of one name. */
export type FormValue = string | number | boolean | readonly string[];

/** Values by field name. */
export type FormValues = Readonly<Record<string, FormValue>>;

type Entry = readonly [name: string, value: string];

const buttons = new Set(["submit", "button", "reset", "image"]);

/** Returns the form that an element belongs to. */
export function formOf(html: PageHtml, element: Element): Element | undefined {
  const { form: id } = element.attribs;
  if (id !== undefined) return html.all("form").find(({ attribs }) => attribs.id === id);
  return closest(element, ({ name }) => name === "form");
}

/** The fields of a form. */
export class FormFields {
  readonly #form: Element;
  /** The fields and buttons that have a name. */
  readonly #controls: readonly Element[];
  readonly #fields: readonly Element[];

  constructor(html: PageHtml, form: Element) {
    this.#form = form;
    this.#controls = html
      .all("input, select, textarea, button")
      .filter((control) => control.attribs.name && formOf(html, control) === form);
    this.#fields = this.#controls.filter((control) => !buttons.has(typeOf(control)));
  }

  /**
   * Returns the entries that the form sends, in document order.
   *
   * @param values the values that a test fills in
   * @param submitter the button that is pressed
   * @throws AssertionError for a value without a field, or a value that its field cannot have
   */
  entries(values: FormValues = {}, submitter?: Element): Entry[] {
    for (const [name, value] of Object.entries(values)) this.#check(name, value);
    const taken = new Map<string, number>();
    return this.#controls
      .filter((control) => control === submitter || this.#fields.includes(control))
      .filter((control) => !isDisabled(control))
      .flatMap((field): Entry[] => {
        const { name = "", value = "" } = field.attribs;
        if (field === submitter) return [[name, value]];
        // A hidden field before a checkbox of the same name keeps its value.
        if (!Object.hasOwn(values, name) || isHidden(field)) {
          return sentValues(field).map((value) => [name, value]);
        }
        const at = taken.get(name) ?? 0;
        taken.set(name, at + 1);
        return filled(field, values[name] as FormValue, at).map((value) => [name, value]);
      });
  }

  /** The names of the fields that a user can change. */
  get visibleNames(): readonly string[] {
    const visible = this.#fields.filter((field) => !isHidden(field));
    return [...new Set(visible.map(({ attribs }) => attribs.name ?? ""))];
  }

  /**
   * Returns the field of a name. Of several fields, returns the first that a user can change.
   *
   * @throws AssertionError when the form has no field of this name
   */
  named(name: string): Element {
    const fields = this.#named(name);
    return fields.find((field) => !isHidden(field)) ?? (fields[0] as Element);
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
    checkChoice(name, usable, value);
  }
}

const describeTag = (element: Element): string => describeElement(element).replace(/>.*/s, ">");

const isHidden = (field: Element): boolean => typeOf(field) === "hidden";

const toList = (value: FormValue): readonly string[] =>
  Array.isArray(value) ? value : [String(value)];

const isFlag = (field: Element, value: FormValue): value is boolean =>
  typeof value === "boolean" && typeOf(field) === "checkbox";

/** @throws AssertionError for a value that fields of one name do not offer, or for too many values */
function checkChoice(name: string, fields: readonly Element[], value: FormValue): void {
  const [first] = fields as [Element];
  if (isFlag(first, value)) return;
  const list = toList(value);
  const choices = choicesOf(fields);
  for (const one of choices ? list : []) {
    if (choices?.includes(one)) continue;
    const what = first.name === "select" ? "option" : `${typeOf(first)} button`;
    throw failure(`the field "${name}" has no ${what} with the value ${JSON.stringify(one)}`, {
      candidates: choices?.map((choice) => JSON.stringify(choice)) ?? [],
    });
  }
  const capacity = capacityOf(fields);
  if (list.length <= capacity) return;
  throw failure(
    `the field "${name}" accepts ${capacity === 1 ? "one value" : `${capacity} values`}`,
    {
      got: list.map((one) => JSON.stringify(one)).join(", "),
      candidates: fields.map(describeElement),
    },
  );
}

/** Returns the values that fields of one name may have; `undefined` if they may have any value. */
function choicesOf(fields: readonly Element[]): readonly string[] | undefined {
  if (fields.every(({ name }) => name === "select")) return fields.flatMap(offeredValues);
  const boxes = fields.filter(isCheckable);
  return boxes.length > 0 ? boxes.map(checkedValue) : undefined;
}

/** Returns how many values fields of one name accept. */
function capacityOf(fields: readonly Element[]): number {
  if (fields.some((field) => typeOf(field) === "checkbox" || isMultiple(field))) return Infinity;
  return fields.some((field) => typeOf(field) === "radio") ? 1 : fields.length;
}

/**
 * Returns the values that a field sends when a test has filled it in.
 *
 * @param at the number of fields with the same name before it
 */
function filled(field: Element, value: FormValue, at: number): readonly string[] {
  if (isCheckable(field)) {
    const own = checkedValue(field);
    return (isFlag(field, value) ? value : toList(value).includes(own)) ? [own] : [];
  }
  if (isMultiple(field)) return offeredValues(field).filter((one) => toList(value).includes(one));
  const one = Array.isArray(value) ? value[at] : String(value);
  return one === undefined ? sentValues(field) : [one];
}
