import type { Element } from "domhandler";
import { closest, elementsIn, topNodesOf } from "../html/page-html.js";
import { typeOf } from "./control-type.js";

/** Returns the form that an element belongs to: that of its `form` attribute, or the form around it. */
export function formOf(element: Element): Element | undefined {
  const { form: id } = element.attribs;
  if (id === "") return undefined;
  if (id !== undefined)
    return elementsIn(topNodesOf(element), "form").find(({ attribs }) => attribs.id === id);
  return closest(element, ({ name }) => name === "form");
}

/** Returns the controls of a form, in document order. */
export const controlsOf = (form: Element): Element[] =>
  allControls(form).filter((control) => formOf(control) === form);

/** Returns the radio buttons of which only one can be checked: those of one name in a form, or outside of forms. */
export function radioGroupOf(radio: Element): Element[] {
  const { name } = radio.attribs;
  if (!name) return [radio];
  const form = formOf(radio);
  return allControls(radio).filter(
    (other) => typeOf(other) === "radio" && other.attribs.name === name && formOf(other) === form,
  );
}

const allControls = (element: Element): Element[] =>
  elementsIn(topNodesOf(element), "input, select, textarea, button");
