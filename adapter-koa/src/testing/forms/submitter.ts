import type { Element } from "domhandler";
import { failure } from "../failure.js";
import { describeElement } from "../html/page-html.js";
import { buttonTypeOf, isDisabled, typeOf } from "./control-type.js";
import { controlsOf } from "./form-owner.js";

/** Returns whether an element is a submit button. */
export const isSubmitter = (element: Element): boolean => buttonTypeOf(element) === "submit";

/**
 * Returns the entries that a button adds to its form when it is pressed: its name and value, or the coordinates of the
 * click in an image, which are 0 without a mouse. The value of `<input type="submit">` is its label, "Submit" by default.
 */
export function submitterEntries(button: Element): (readonly [name: string, value: string])[] {
  const { name = "", value = typeOf(button) === "submit" ? "Submit" : "" } = button.attribs;
  if (typeOf(button) !== "image") return name ? [[name, value]] : [];
  return ["x", "y"].map((axis) => [name ? `${name}.${axis}` : axis, "0"]);
}

/**
 * Returns the button.
 *
 * @throws AssertionError for an element that does not submit the form
 */
export function checkSubmitter(form: Element, button: Element): Element {
  if (isDisabled(button)) throw failure("the button is disabled", { got: describeElement(button) });
  const others = controlsOf(form).filter(isSubmitter);
  if (others.includes(button)) return button;
  throw failure("the element does not submit the form", {
    got: describeElement(button),
    candidates: others.map(describeElement),
  });
}
