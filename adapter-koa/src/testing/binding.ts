import type { Element } from "domhandler";
import { typeOf } from "./form-fields.js";
import { liveValues } from "./live-form.js";
import type { Tab } from "./tab.js";
import { assertForView } from "./view-target.js";

type Payload = Readonly<Record<string, unknown>>;

/**
 * Does what an element's binding says: sends its event, or runs the commands of `js` in order. Of those
 * only `push`, `navigate` and `patch` concern the server; the others are the browser's.
 *
 * @param more what the DOM event adds to the payload, such as the key
 */
export async function runBinding(
  tab: Tab,
  element: Element,
  binding: string,
  type: string,
  more: Payload = {},
) {
  const attribute = element.attribs[binding] ?? "";
  const payload = { ...more, ...ownValue(element), ...liveValues(element) };
  if (!attribute.startsWith("[")) {
    assertForView(tab.html, element);
    return tab.push(type, attribute, payload);
  }
  for (const [name, args] of JSON.parse(attribute) as [string, CommandArgs][]) {
    if (tab.departure) return;
    if (name === "push") {
      assertForView(tab.html, element, args.target);
      await tab.push(type, args.event ?? "", { ...payload, ...args.value });
    } else if (name === "navigate") await tab.navigate(args.href ?? "");
    else if (name === "patch") await tab.patch(args.href ?? "");
  }
}

interface CommandArgs {
  readonly event?: string;
  readonly value?: Payload;
  readonly href?: string;
  readonly target?: unknown;
}

/** The value that an element has of itself. */
function ownValue(element: Element): Payload {
  const { attribs, name } = element;
  const type = typeOf(element);
  if ((type === "checkbox" || type === "radio") && !("checked" in attribs)) return {};
  const value = attribs.value ?? (name === "input" ? "" : undefined);
  return value === undefined ? {} : { value };
}
