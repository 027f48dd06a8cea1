import type { Element } from "domhandler";
import { closest } from "../html/page-html.js";

const inputTypes: ReadonlySet<string> = new Set(
  (
    "button checkbox color date datetime-local email file hidden image month number password radio range reset search submit " +
    "tel text time url week"
  ).split(" "),
);

/** Returns the type of a control, as the DOM property `type` does: unknown types of inputs are `text`. */
export function typeOf({ name, attribs }: Element): string {
  if (name !== "input") return name;
  const type = (attribs.type ?? "").toLowerCase();
  return inputTypes.has(type) ? type : "text";
}

/** Returns what a button does: `submit`, `reset`, or `button` for nothing; `undefined` for another element. */
export function buttonTypeOf(element: Element): "submit" | "reset" | "button" | undefined {
  const type = element.name === "button" ? element.attribs.type?.toLowerCase() : typeOf(element);
  if (type === "reset" || type === "button") return type;
  const isSubmitter = element.name === "button" || type === "submit" || type === "image";
  return isSubmitter ? "submit" : undefined;
}

/** Returns whether a control is a checkbox or a radio button. */
export const isCheckable = (field: Element): boolean =>
  ["checkbox", "radio"].includes(typeOf(field));

/** Returns whether a control is a select in which several options may be chosen. */
export const isMultiple = ({ name, attribs }: Element): boolean =>
  name === "select" && "multiple" in attribs;

/** Returns whether a control is disabled, either itself or by a fieldset around it. */
export function isDisabled(element: Element): boolean {
  if ("disabled" in element.attribs) return true;
  const fieldset = closest(
    element,
    (around) =>
      around.name === "fieldset" && "disabled" in around.attribs && !isInLegend(element, around),
  );
  return fieldset !== undefined;
}

/** Returns whether an element is in the first legend of a fieldset, which the fieldset does not disable. */
function isInLegend(element: Element, fieldset: Element): boolean {
  const legend = fieldset.children.find((child) => "name" in child && child.name === "legend");
  return legend !== undefined && closest(element, (around) => around === legend) !== undefined;
}
