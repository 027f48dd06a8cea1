import type { Element } from "domhandler";
import { failure } from "../failure.js";
import { describeElement, type PageHtml } from "../html/page-html.js";
import { isDisabled, typeOf } from "./field-value.js";
import { formOf } from "./form-fields.js";

/** Returns whether an element is a submit button. */
export const isSubmitter = (element: Element): boolean =>
  element.name === "button"
    ? (element.attribs.type ?? "submit").toLowerCase() === "submit"
    : ["submit", "image"].includes(typeOf(element));

/**
 * Returns the button.
 *
 * @throws AssertionError for an element that does not submit the form
 */
export function checkSubmitter(html: PageHtml, form: Element, button: Element): Element {
  if (isDisabled(button)) throw failure("the button is disabled", { got: describeElement(button) });
  if (isSubmitter(button) && formOf(html, button) === form) return button;
  const others = html
    .all("button, input")
    .filter((other) => isSubmitter(other) && formOf(html, other) === form);
  throw failure("the element does not submit the form", {
    got: describeElement(button),
    candidates: others.map(describeElement),
  });
}
