import type { CommandTarget } from "@live-session/components/protocol";
import { is } from "css-select";
import type { Element } from "domhandler";
import type { Tab } from "../browser/tab.js";
import { failure } from "../failure.js";
import { closest, describeElement, elementsIn, type PageHtml } from "../html/page-html.js";
import { assertForView } from "../html/view-target.js";
import { elementValue } from "./field-value.js";

type Payload = Readonly<Record<string, unknown>>;

/** Sends an event; `added` is what the command that pushes it adds to its payload. */
export type BindingPush = (event: string, added: Payload) => Promise<void>;

/**
 * Tells what happened to an element, as its binding says: with the value that the element has of itself and
 * its `live-value-…` as payload.
 *
 * @param more what the DOM event adds to the payload, such as the key
 */
export function runBinding(
  tab: Tab,
  element: Element,
  binding: string,
  type: string,
  more: Payload = {},
): Promise<void> {
  const value = elementValue(element);
  const payload = { ...more, ...(value !== undefined && { value }), ...liveValues(element) };
  return perform(tab, element, binding, (event, added) =>
    tab.push(type, event, { ...payload, ...added }),
  );
}

/**
 * Does what an element's binding says: sends its event, or runs the commands of `js` in order. Of those
 * only what pushes, navigates and patches concerns the server; the others are the browser's.
 */
export async function perform(
  tab: Tab,
  element: Element,
  binding: string,
  push: BindingPush,
): Promise<void> {
  const attribute = element.attribs[binding] ?? "";
  if (attribute.startsWith("[")) return runCommands(tab, element, attribute, push);
  assertForView(tab.html, element);
  return push(attribute, {});
}

/** The `live-value-…` attributes of an element. */
export function liveValues({ attribs }: Element): Record<string, string> {
  const prefix = "live-value-";
  const own = Object.entries(attribs).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(own.map(([name, value]) => [name.slice(prefix.length), value]));
}

interface CommandArgs {
  readonly event?: string;
  readonly value?: Payload;
  readonly href?: string;
  readonly target?: unknown;
  readonly attribute?: string;
  readonly to?: CommandTarget;
}

async function runCommands(
  tab: Tab,
  element: Element,
  text: string,
  push: BindingPush,
): Promise<void> {
  for (const [name, args = {}] of JSON.parse(text) as [string, CommandArgs?][]) {
    if (tab.departure) return;
    if (name === "push") {
      assertForView(tab.html, element, args.target);
      await push(args.event ?? "", args.value ?? {});
    } else if (name === "exec") await runOthers(tab, element, args, push);
    else if (name === "navigate") await tab.navigate(args.href ?? "");
    else if (name === "patch") await tab.patch(args.href ?? "");
  }
}

/** Runs the commands that stand in an attribute of other elements. */
async function runOthers(
  tab: Tab,
  element: Element,
  { attribute = "", to }: CommandArgs,
  push: BindingPush,
): Promise<void> {
  for (const other of targetsOf(tab.html, element, to)) {
    const text = other.attribs[attribute];
    if (text === undefined) {
      throw failure(`exec found no attribute "${attribute}"`, { got: describeElement(other) });
    }
    await runCommands(tab, other, text, push);
  }
}

function targetsOf(
  html: PageHtml,
  element: Element,
  to: CommandTarget | undefined,
): readonly Element[] {
  if (to === undefined) return [element];
  if (typeof to === "string") return html.all(to);
  if ("inner" in to) return elementsIn(element.children, to.inner);
  const around = closest(element, (one) => is(one, to.closest));
  return around ? [around] : [];
}
