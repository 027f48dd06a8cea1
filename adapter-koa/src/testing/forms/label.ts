import type { Element } from "domhandler";
import { closest, elementsIn, type PageHtml } from "../html/page-html.js";
import { isDisabled } from "./control-type.js";

const labelable = "button, input:not([type=hidden]), meter, output, progress, select, textarea";

/** Returns the control that a click on an element in a label clicks too; `undefined` if there is none. */
export function labelledControl(html: PageHtml, element: Element): Element | undefined {
  const label = closest(element, ({ name }) => name === "label");
  // Links and controls in a label handle the click themselves.
  const inner = closest(element, (each) => each === label || isInteractive(each));
  if (!label || inner !== label) return undefined;
  const { for: id } = label.attribs;
  const found = id === undefined ? elementsIn(label.children, labelable) : html.all(labelable);
  const control = found.find(({ attribs }) => id === undefined || attribs.id === id);
  return control && !isDisabled(control) ? control : undefined;
}

const isInteractive = ({ name, attribs }: Element): boolean =>
  ["button", "input", "select", "textarea"].includes(name) || (name === "a" && "href" in attribs);
