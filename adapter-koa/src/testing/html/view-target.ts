import type { Element } from "domhandler";
import { failure } from "../failure.js";
import { closest, describeElement, type PageHtml } from "./page-html.js";

/**
 * Checks that an event is for the visited view. Another live session on the page is not running.
 *
 * @param target the target of a command, which replaces `live-target`; a target relative to the element is always in its
 *   view
 * @throws AssertionError when the target is in another live session
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
  throw failure(`the event is for "${target}", which is not in the visited view`, {
    got: describeElement(element),
    candidates: found.map(describeElement),
  });
}

/** Returns the id of the nested view that an element belongs to; `undefined` for the view of the page. */
export function nestedViewOf(element: Element): string | undefined {
  const session = closest(element, ({ name }) => name === "live-session");
  return session && "nested" in session.attribs ? session.attribs.id : undefined;
}
