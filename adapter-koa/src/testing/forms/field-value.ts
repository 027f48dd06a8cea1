import type { Element } from "domhandler";
import { textContent } from "domutils";
import { closest } from "../html/page-html.js";
import { isCheckable, isMultiple, typeOf } from "./control-type.js";
import { radioGroupOf } from "./form-owner.js";
import { sanitize } from "./sanitized-value.js";

/** Returns the value that a checkbox or radio button has when it is checked. */
export const checkedValue = ({ attribs }: Element): string => attribs.value ?? "on";

/**
 * Returns whether a checkbox or radio button is checked. Of the radio buttons of a group that the page marks as checked,
 * the last one is.
 */
export function isChecked(field: Element): boolean {
  if (!("checked" in field.attribs)) return false;
  const others = typeOf(field) === "radio" ? radioGroupOf(field) : [field];
  return others.findLast(({ attribs }) => "checked" in attribs) === field;
}

/** Returns the values that a form sends for a field without changes by the user. Files are not considered. */
export function sentValues(field: Element): string[] {
  if (isCheckable(field)) return isChecked(field) ? [checkedValue(field)] : [];
  if (field.name === "select") return chosenOptions(field).filter(isEnabledOption).map(optionValue);
  const isCharset = typeOf(field) === "hidden" && /^_charset_$/i.test(field.attribs.name ?? "");
  return [isCharset ? "UTF-8" : textOfField(field)];
}

/** Returns the values that a user can choose in a select. */
export const offeredValues = (select: Element): string[] =>
  optionsOf(select).filter(isEnabledOption).map(optionValue);

/** Returns the text that a field contains when a user or a script has entered a value. */
export function enteredText(field: Element, value: string): string {
  if (field.name === "textarea") return value.replaceAll(/\r\n?/g, "\n");
  return sanitize(typeOf(field), value, field.attribs);
}

/** Returns the `value` that an element sends with its events; `undefined` if it has none. */
export function elementValue(
  element: Element,
  checked = isCheckable(element) && isChecked(element),
): string | undefined {
  const { attribs } = element;
  if (isCheckable(element)) return checked ? checkedValue(element) : undefined;
  const read = valueProperties[element.name];
  if (read) return read(element);
  // A custom element may have a string as `value`. The `value` of other elements, such as `li`, is a number.
  return element.name.includes("-") ? attribs.value : undefined;
}

/** The elements whose DOM property `value` is a string, and how to read it. */
const valueProperties: Readonly<Record<string, (element: Element) => string | undefined>> = {
  input: textOfField,
  textarea: textOfField,
  select: (element) => chosenOptions(element).map(optionValue)[0] ?? "",
  // The client sends no value for a button without one.
  button: ({ attribs }) => attribs.value || undefined,
  option: optionValue,
  output: (element) => textContent(element),
  data: ({ attribs }) => attribs.value ?? "",
};

function textOfField(field: Element): string {
  if (field.name === "textarea") return textContent(field);
  const type = typeOf(field);
  // The value of a file field is the path of a file that the user has chosen.
  return type === "file" ? "" : sanitize(type, field.attribs.value ?? "", field.attribs);
}

function chosenOptions(select: Element): Element[] {
  const options = optionsOf(select);
  const selected = options.filter(({ attribs }) => "selected" in attribs);
  if (isMultiple(select)) return selected;
  // A select that is shown as an open list has no option chosen at first.
  const isOpen = Number(select.attribs.size) > 1;
  const chosen = selected.at(-1) ?? (isOpen ? undefined : options.find(isEnabledOption));
  return chosen ? [chosen] : [];
}

function optionsOf(select: Element): Element[] {
  const found: Element[] = [];
  const visit = (element: Element): void => {
    if (element.name === "option") found.push(element);
    for (const child of element.children) if ("name" in child) visit(child as Element);
  };
  visit(select);
  return found;
}

const isEnabledOption = (option: Element): boolean =>
  !closest(option, ({ name, attribs }) => /^opt/.test(name) && "disabled" in attribs);

function optionValue(option: Element): string {
  return (
    option.attribs.value ??
    textContent(option)
      .replaceAll(/[ \t\n\f\r]+/g, " ")
      .trim()
  );
}
