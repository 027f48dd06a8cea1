import type { Element } from "domhandler";
import { textContent } from "domutils";
import { closest } from "../html/page-html.js";

/** Returns the type of a control, as the DOM property `type` does. */
export const typeOf = ({ name, attribs }: Element): string =>
  name === "input" ? (attribs.type ?? "text").toLowerCase() : name;

/** Returns whether a control is a checkbox or a radio button. */
export const isCheckable = (field: Element): boolean =>
  ["checkbox", "radio"].includes(typeOf(field));

/** Returns whether a control is a select in which several options may be chosen. */
export const isMultiple = ({ name, attribs }: Element): boolean =>
  name === "select" && "multiple" in attribs;

/** Returns whether a control or a fieldset around it is disabled. */
export const isDisabled = (element: Element): boolean =>
  "disabled" in element.attribs ||
  closest(element, ({ name, attribs }) => name === "fieldset" && "disabled" in attribs) !==
    undefined;

/** Returns the value that a checkbox or radio button has when it is checked. */
export const checkedValue = ({ attribs }: Element): string => attribs.value ?? "on";

/** Returns the values that a form sends for a field without changes by the user. */
export function sentValues(field: Element): string[] {
  if (isCheckable(field)) return "checked" in field.attribs ? [checkedValue(field)] : [];
  if (field.name === "select") return chosenOptions(field).filter(isEnabledOption).map(optionValue);
  return typeOf(field) === "file" ? [] : [textOfField(field)];
}

/** Returns the values that a user can choose in a select. */
export const offeredValues = (select: Element): string[] =>
  optionsOf(select).filter(isEnabledOption).map(optionValue);

/** Returns the `value` that an element sends with its events; `undefined` if it has none. */
export function elementValue(element: Element): string | undefined {
  const { name, attribs } = element;
  if (isCheckable(element)) return "checked" in attribs ? checkedValue(element) : undefined;
  if (name === "select") return chosenOptions(element).map(optionValue)[0] ?? "";
  if (name === "input" || name === "textarea") return textOfField(element);
  if (name === "button") return attribs.value || undefined;
  // A custom element may have a string as `value`. The `value` of other elements, such as `li`, is a number.
  return name.includes("-") ? attribs.value : undefined;
}

const textOfField = (field: Element): string =>
  field.name === "textarea" ? textContent(field) : (field.attribs.value ?? "");

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

const optionValue = (option: Element): string =>
  option.attribs.value ?? textContent(option).replaceAll(/\s+/g, " ").trim();
