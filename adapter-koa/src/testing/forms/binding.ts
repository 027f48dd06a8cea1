import type { CommandTarget } from "@live-session/components/protocol";
import { is } from "css-select";
import type { Element } from "domhandler";
import type { Tab } from "../browser/tab.js";
import { failure } from "../failure.js";
import { closest, describeElement, elementsIn, type PageHtml } from "../html/page-html.js";
import { assertForView, nestedViewOf } from "../html/view-target.js";
import { elementValue } from "./field-value.js";

type Payload = Readonly<Record<string, unknown>>;

/** Sends an event. `added` is the payload of the `push` command that sends it. */
export type BindingPush = (event: string, added: Payload) => Promise<void>;

/**
 * Runs the binding of an element. The payload contains the element's own value and its `live-value-…` attributes.
 *
 * @param more data of the DOM event for the payload, such as the key
 * @param checked whether a checkbox or radio button is checked; by default as in the page
 */
export function runBinding(
  tab: Tab,
  element: Element,
  binding: string,
  type: string,
  more: Payload = {},
  checked?: boolean,
): Promise<void> {
  const value = elementValue(element, checked);
  const payload = { ...more, ...(value !== undefined && { value }), ...liveValues(element) };
  return perform(tab, element, binding, (event, added) =>
    tab.push(type, event, { ...payload, ...added }, nestedViewOf(element)),
  );
}

/**
 * Sends the event of a binding, or runs its `js` commands in order. Commands that only change the page in the browser are
 * skipped: only those that push, navigate and patch concern the server.
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

/** Returns the `live-value-…` attributes of an element, without the prefix of their names. */
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

type Command = readonly [name: string, args?: CommandArgs];

async function runCommands(
  tab: Tab,
  element: Element,
  text: string,
  push: BindingPush,
): Promise<void> {
  for (const command of JSON.parse(text) as Command[]) {
    if (tab.departure) return;
    await runCommand(tab, element, command, push);
  }
}

async function runCommand(
  tab: Tab,
  element: Element,
  [name, args = {}]: Command,
  push: BindingPush,
): Promise<void> {
  switch (name) {
    case "push":
      assertForView(tab.html, element, args.target);
      return push(args.event ?? "", args.value ?? {});
    case "exec":
      return runOthers(tab, element, args, push);
    case "navigate":
      return tab.navigate(args.href ?? "");
    case "patch":
      return tab.patch(args.href ?? "");
  }
}

/** Runs the commands in an attribute of other elements. */
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
