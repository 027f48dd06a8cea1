import type { Element } from "domhandler";
import { textContent } from "domutils";
import { failure } from "./failure.js";
import { closest, describeElement, type PageHtml } from "./page-html.js";

/** What a test fills into a form: a text, a choice, or for several fields of one name a list. */
export type FormValue = string | number | boolean | readonly string[];

/** Values by the name of their field. */
export type FormValues = Readonly<Record<string, FormValue>>;

type Entry = readonly [name: string, value: string];

const controls = new Set(["input", "select", "textarea"]);
const buttons = new Set(["submit", "button", "reset", "image"]);

/** The type of a control, as its DOM property says it. */
export const typeOf = ({ name, attribs }: Element): string =>
  name === "input" ? (attribs.type ?? "text").toLowerCase() : name;

/** Whether a control cannot be used, by itself or through its fieldset. */
export const isDisabled = (element: Element): boolean =>
  "disabled" in element.attribs ||
  closest(element, ({ name, attribs }) => name === "fieldset" && "disabled" in attribs) !== undefined;

/** The form that an element belongs to. */
export function formOf(html: PageHtml, element: Element): Element | undefined {
  const { form: id } = element.attribs;
  if (id !== undefined) return html.all("form").find(({ attribs }) => attribs.id === id);
  return closest(element, ({ name }) => name === "form");
}

/** The fields of a form, as they stand and as a test fills them in. */
export class FormFields {
  readonly #form: Element;
  readonly #fields: readonly Element[];

  constructor(html: PageHtml, form: Element) {
    this.#form = form;
    this.#fields = html
      .all("input, select, textarea")
      .filter((field) => controls.has(field.name) && formOf(html, field) === form)
      .filter((field) => field.attribs.name && !buttons.has(typeOf(field)));
  }

  /**
   * What the form sends, in document order.
   *
   * @throws AssertionError for a value without a field, or one that its field cannot have
   */
  entries(values: FormValues = {}): Entry[] {
    for (const [name, value] of Object.entries(values)) this.#check(name, value);
    const taken = new Map<string, number>();
    return this.#fields
      .filter((field) => !isDisabled(field))
      .flatMap((field): Entry[] => {
        const { name = "" } = field.attribs;
        if (!Object.hasOwn(values, name)) return valuesOf(field).map((value) => [name, value]);
        const at = taken.get(name) ?? 0;
        taken.set(name, at + 1);
        return filled(field, values[name] as FormValue, at).map((value) => [name, value]);
      });
  }

  /** The names of the fields that someone could have used. */
  get visibleNames(): readonly string[] {
    const visible = this.#fields.filter((field) => typeOf(field) !== "hidden");
    return [...new Set(visible.map(({ attribs }) => attribs.name ?? ""))];
  }

  /** @throws AssertionError when the form has no field of this name */
  named(name: string): readonly Element[] {
    const fields = this.#fields.filter(({ attribs }) => attribs.name === name);
    if (fields.length > 0) return fields;
    throw failure(`the form ${describeTag(this.#form)} has no field "${name}"`, {
      candidates: this.#fields.map(describeElement),
    });
  }

  #check(name: string, value: FormValue): void {
    const fields = this.named(name);
    if (fields.every(isDisabled)) {
      throw failure(`the field "${name}" is disabled`, {
        candidates: this.#fields.filter((field) => !isDisabled(field)).map(describeElement),
      });
    }
    const [first] = fields as [Element];
    const type = typeOf(first);
    if (type === "hidden") {
      throw failure(`the field "${name}" is hidden, so nobody can fill it in`, {
        expected: "the option unchecked, for what no user does",
        candidates: this.#fields.filter((field) => typeOf(field) !== "hidden").map(describeElement),
      });
    }
    const choices = choicesOf(fields);
    if (!choices || typeof value === "boolean") return;
    for (const one of toList(value)) {
      if (!choices.includes(one)) {
        const what = type === "select" ? "option" : `${type} button`;
        throw failure(`the field "${name}" has no ${what} with the value ${JSON.stringify(one)}`, {
          candidates: choices.map((choice) => JSON.stringify(choice)),
        });
      }
    }
  }
}

const describeTag = (element: Element): string => describeElement(element).replace(/>.*/s, ">");

const toList = (value: FormValue): readonly string[] => (Array.isArray(value) ? value : [String(value)]);

const checkable = (field: Element): boolean => ["checkbox", "radio"].includes(typeOf(field));

const optionsOf = (select: Element): Element[] => {
  const found: Element[] = [];
  const visit = (element: Element): void => {
    if (element.name === "option") found.push(element);
    for (const child of element.children) if ("name" in child) visit(child as Element);
  };
  visit(select);
  return found;
};

const optionValue = (option: Element): string =>
  option.attribs.value ?? textContent(option).replaceAll(/\s+/g, " ").trim();

/** The values that fields of one name may have; `undefined` where they may have any. */
function choicesOf(fields: readonly Element[]): readonly string[] | undefined {
  const [first] = fields as [Element];
  if (first.name === "select") {
    return optionsOf(first)
      .filter((option) => !("disabled" in option.attribs))
      .map(optionValue);
  }
  const boxes = fields.filter(checkable);
  return boxes.length > 0 ? boxes.map(({ attribs }) => attribs.value ?? "on") : undefined;
}

/** What a field sends as the page shows it. */
function valuesOf(field: Element): string[] {
  const { attribs, name } = field;
  if (checkable(field)) return "checked" in attribs ? [attribs.value ?? "on"] : [];
  if (name === "textarea") return [textContent(field).replace(/^\n/, "")];
  if (name !== "select") return typeOf(field) === "file" ? [] : [attribs.value ?? ""];
  const options = optionsOf(field).filter((option) => !("disabled" in option.attribs));
  const selected = options.filter((option) => "selected" in option.attribs);
  if ("multiple" in attribs) return selected.map(optionValue);
  const chosen = selected.at(-1) ?? options[0];
  return chosen ? [optionValue(chosen)] : [];
}

/** What a field sends when it is filled in; `at` counts the fields of its name before it. */
function filled(field: Element, value: FormValue, at: number): readonly string[] {
  if (checkable(field)) {
    const own = field.attribs.value ?? "on";
    const isChecked = typeof value === "boolean" ? value : toList(value).includes(own);
    return isChecked ? [own] : [];
  }
  // The hidden field that stands before a checkbox of its name keeps its value.
  if (typeOf(field) === "hidden") return valuesOf(field);
  const list = toList(value);
  if (field.name === "select") return list;
  const one = list[Array.isArray(value) ? at : 0];
  return one === undefined ? [] : [one];
}
