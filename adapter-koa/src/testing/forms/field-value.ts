import type { Element } from "domhandler";
import { textContent } from "domutils";
import { closest } from "../html/page-html.js";

/** The type of a control, as its DOM property says it. */
export const typeOf = ({ name, attribs }: Element): string =>
  name === "input" ? (attribs.type ?? "text").toLowerCase() : name;

/** Whether a control is one of several that are checked: a checkbox or a radio button. */
export const isCheckable = (field: Element): boolean =>
  ["checkbox", "radio"].includes(typeOf(field));

/** Whether a control is a select of which several options may be chosen. */
export const isMultiple = ({ name, attribs }: Element): boolean =>
  name === "select" && "multiple" in attribs;

/** Whether a control cannot be used, by itself or through its fieldset. */
export const isDisabled = (element: Element): boolean =>
  "disabled" in element.attribs ||
  closest(element, ({ name, attribs }) => name === "fieldset" && "disabled" in attribs) !==
    undefined;

/** The value of a checkbox or radio button that is checked. */
export const checkedValue = ({ attribs }: Element): string => attribs.value ?? "on";

/** What a field sends as the page shows it. */
export function sentValues(field: Element): string[] {
  if (isCheckable(field)) return "checked" in field.attribs ? [checkedValue(field)] : [];
  if (field.name === "select") return chosenOptions(field).filter(isEnabledOption).map(optionValue);
  return typeOf(field) === "file" ? [] : [textOfField(field)];
}

/** The values that a user may choose in a select. */
export const offeredValues = (select: Element): string[] =>
  optionsOf(select).filter(isEnabledOption).map(optionValue);

/** The `value` that an element has in a page; `undefined` where it has none to tell. */
export function elementValue(element: Element): string | undefined {
  const { name, attribs } = element;
  if (isCheckable(element)) return "checked" in attribs ? checkedValue(element) : undefined;
  if (name === "select") return chosenOptions(element).map(optionValue)[0] ?? "";
  if (name === "input" || name === "textarea") return textOfField(element);
  if (name === "button") return attribs.value || undefined;
  // An element of the app's own may have such a property; others that have one have a number.
  return name.includes("-") ? attribs.value : undefined;
}

const textOfField = (field: Element): string =>
  field.name === "textarea" ? textContent(field) : (field.attribs.value ?? "");

function chosenOptions(select: Element): Element[] {
  const options = optionsOf(select);
  const selected = options.filter(({ attribs }) => "selected" in attribs);
  if (isMultiple(select)) return selected;
  // A list that stays open begins without a choice.
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
