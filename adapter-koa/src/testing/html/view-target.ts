import type { Element } from "domhandler";
import { failure } from "../failure.js";
import { closest, describeElement, type PageHtml } from "./page-html.js";

/**
 * Refuses an event that another live session of the page would get: only the view that is visited runs.
 *
 * @param target what a command says of it, in the place of `live-target`; targets from the element on are its view's
 */
export function assertForView(
  html: PageHtml,
  element: Element,
  target: unknown = element.attribs["live-target"],
): void {
  if (typeof target !== "string") return;
  const viewOf = (inside: Element) =>
    closest(inside, ({ name }) => name === "live-session")?.attribs.id;
  const own = viewOf(element);
  const found = html.all(target);
  if (found.some((each) => viewOf(each) === own)) return;
  throw failure(`the event is for "${target}", which does not stand in the view that is visited`, {
    got: describeElement(element),
    candidates: found.map(describeElement),
  });
}
