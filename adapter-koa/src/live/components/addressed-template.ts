import { nothing, type TemplateResult } from "lit";
import { type DefaultTreeAdapterTypes, parseFragment } from "parse5";
import { JsCommands } from "../declarations/js.js";
import { EventTarget, toEventName } from "../event-target.js";

type Node = DefaultTreeAdapterTypes.Node;
type Element = DefaultTreeAdapterTypes.Element;

/** One value of an addressed template. `target` is the index of the value of its element's `live-target`, if it has one. */
type Value =
  | { readonly type: "plain"; readonly index: number }
  | { readonly type: "target"; readonly index: number }
  | { readonly type: "event"; readonly index: number; readonly target: number | undefined }
  | { readonly type: "address"; readonly target: number | undefined };

/** The strings and values of a template whose events name their target. */
interface Plan {
  readonly strings: TemplateStringsArray;
  readonly values: readonly Value[];
}

/** Plans by the strings of the templates: those of components, and those of views. */
const plans = {
  component: new WeakMap<TemplateStringsArray, Plan>(),
  view: new WeakMap<TemplateStringsArray, Plan>(),
};

/**
 * Returns a template whose bindings name the component that receives their events, because the browser sends event
 * names unchanged: `live-click="save"` becomes `live-click="@${address}:save"`. The value of a `live-target` names
 * another target.
 *
 * @param address identifies the component that the template belongs to; empty for the view
 */
export function toAddressed(template: TemplateResult, address: string): TemplateResult {
  const known = address === "" ? plans.view : plans.component;
  let plan = known.get(template.strings);
  if (!plan) {
    plan = new Planner(template.strings, address === "").plan();
    known.set(template.strings, plan);
  }
  const values = plan.values.map((value) => toValue(value, template.values, address));
  return { ...template, strings: plan.strings, values } as TemplateResult;
}

function toValue(value: Value, values: readonly unknown[], address: string): unknown {
  if (value.type === "address") return addressAt(values, value.target, address);
  const given = values[value.index];
  if (value.type === "target") return given instanceof EventTarget ? nothing : given;
  if (value.type === "plain") {
    return given instanceof JsCommands && address !== "" ? given.toTarget(address) : given;
  }
  const target = addressAt(values, value.target, address);
  if (given instanceof JsCommands) return given.toTarget(target);
  return typeof given === "string" && !given.startsWith("[") ? toEventName(target, given) : given;
}

/** The address that the value of a `live-target` names. A selector finds elements of other views, which have no address. */
function addressAt(values: readonly unknown[], target: number | undefined, own: string): string {
  if (target === undefined) return own;
  const value = values[target];
  if (value instanceof EventTarget) return value.address;
  return typeof value === "string" ? "" : own;
}

/** The attributes that name an event. */
const eventAttribute =
  /^(?:[\w-]+-)?live-(?:click|click-away|change|submit|auto-recover|focus|blur|keydown|keyup|window-(?:focus|blur|keydown|keyup)|viewport-(?:top|bottom))$/;
const marker = /__live_(value|address)_(\d*)__/g;
const valueAt = (index: number): string => `__live_value_${index}__`;
/** The index of the value that an attribute consists of; `undefined` if it also contains text. */
const indexOf = (attribute = ""): number | undefined => {
  const index = /^__live_value_(\d+)__$/.exec(attribute)?.[1];
  return index === undefined ? undefined : Number(index);
};

/** Finds the bindings in the strings of a template. */
class Planner {
  readonly #html: string;
  readonly #isView: boolean;
  readonly #inserted = new Map<number, string>();
  /** The kinds of the values that are not plain. */
  readonly #special = new Map<number, Value>();

  constructor(strings: TemplateStringsArray, isView: boolean) {
    this.#html = strings.reduce((html, text, i) => html + valueAt(i - 1) + text);
    this.#isView = isView;
  }

  plan(): Plan {
    this.#visit(parseFragment(this.#html, { sourceCodeLocationInfo: true }));
    const offsets = [...this.#inserted.keys()].sort((a, b) => b - a);
    let html = this.#html;
    for (const offset of offsets) {
      html = html.slice(0, offset) + this.#inserted.get(offset) + html.slice(offset);
    }
    const values = [...html.matchAll(marker)].map(([, type, digits]): Value => {
      const index = digits === "" ? undefined : Number(digits);
      if (type === "address") return { type, target: index };
      return this.#special.get(index ?? 0) ?? { type: "plain", index: index ?? 0 };
    });
    const strings = html.split(/__live_(?:value|address)_\d*__/);
    return { strings: Object.assign(strings, { raw: strings }), values };
  }

  #visit(node: Node): void {
    if ("attrs" in node) this.#visitElement(node);
    if ("childNodes" in node) for (const child of node.childNodes) this.#visit(child);
  }

  #visitElement({ attrs, sourceCodeLocation }: Element): void {
    const target = attrs.find(({ name }) => name.endsWith("live-target"))?.value;
    const index = indexOf(target);
    // A fixed target is the selector of another view's elements.
    if (index === undefined && (target !== undefined || this.#isView)) return;
    if (index !== undefined) this.#special.set(index, { type: "target", index });
    for (const { name, value } of attrs) {
      const start = sourceCodeLocation?.attrs?.[name]?.startOffset ?? 0;
      if (eventAttribute.test(name)) this.#address(start, name, value, index);
      else if (name.endsWith("live-hook") && !this.#isView) this.#own(start);
    }
  }

  #address(start: number, name: string, value: string, target: number | undefined): void {
    const index = indexOf(value);
    if (index !== undefined) {
      this.#special.set(index, { type: "event", index, target });
    } else if (toEventName("", value) !== value && !value.startsWith("[")) {
      const before = /^\s*=\s*["']?/.exec(this.#html.slice(start + name.length))?.[0] ?? "";
      const offset = start + name.length + before.length;
      this.#inserted.set(offset, `@__live_address_${target ?? ""}__:`);
    }
  }

  /** Adds the attribute from which the element's hook reads the target of its events. */
  #own(start: number): void {
    this.#inserted.set(start, 'live-component="@__live_address___:" ');
  }
}
