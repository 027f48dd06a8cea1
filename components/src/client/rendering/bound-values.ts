import { type AttributePart, Directive, directive, PartType } from "lit/directive.js";
import { noChange } from "lit/html.js";
import {
  type BoundName,
  type BoundValue,
  edited,
  type FormControl,
} from "../forms/form-control.js";
import { noteLiveValue } from "./live.js";
import { countFoundPlace } from "./value-places.js";

/** The values that the view has bound to the controls, by the name of the property. */
export const boundTo = new WeakMap<Element, Partial<Record<BoundName, BoundValue>>>();

/** The values of controls that the current render has passed. */
const rendered = new Set<BoundValue>();

/** Whether the expression after a string of a template is bound to the content of a form control. */
export const bindsControl = (before: string): boolean =>
  /\s\.(value|checked|selected)=["']?$/.test(before);

class Bind extends Directive {
  render(value: unknown, _bound: unknown, _isLive: boolean, _isHydrating: boolean): unknown {
    return value;
  }

  override update(
    { type, strings, element, name }: AttributePart,
    [value, bound, isLive, isHydrating]: Parameters<this["render"]>,
  ): unknown {
    if (type !== PartType.PROPERTY || strings || !hasContent(element, name)) return value;
    if (isHydrating) countFoundPlace();
    note(element as FormControl, name as BoundName, bound, isLive, isHydrating);
    return noChange;
  }
}

/**
 * Binds a value to the content of a form control. The value is written by {@link finishRender} after the render, when
 * the options of a select and the other attributes of an input have been rendered. At other places, Lit renders
 * `value`.
 *
 * @param value the value for Lit
 * @param bound the same value, without directives; `undefined` for `nothing`
 * @param isLive whether the value is compared with the control at each render
 */
export const bind = directive(Bind);

function hasContent(element: Element, name: string): boolean {
  const { localName, constructor: elementClass } = element;
  if (localName === "option") return name === "selected";
  return /^(input|select|textarea)$/.test(localName) || "formAssociated" in elementClass;
}

function note(
  element: FormControl,
  name: BoundName,
  value: unknown,
  isLive: boolean,
  isHydrating: boolean,
): void {
  noteLiveValue();
  const values = boundTo.get(element) ?? {};
  boundTo.set(element, values);
  const old = values[name];
  const bound = old ?? { element, name, value, isChanged: true, isAdopted: isHydrating };
  values[name] = bound;
  bound.isChanged ||= isLive || bound.value !== value;
  bound.value = value;
  // A custom element reads its properties when it is connected or hydrated, which is before the end of the render.
  if (old || !element.localName.includes("-")) {
    rendered.add(bound);
    return;
  }
  bound.isChanged = bound.isAdopted = false;
  if (!isHydrating || !edited.has(element)) Object.assign(element, { [name]: value });
}

/**
 * Writes the values of the current render.
 *
 * @param writeAll the function of the lazy module that writes them. Until the module has been loaded, only elements
 *   that the user has not changed are written, and later all values again.
 */
export function finishRender(writeAll?: (values: Iterable<BoundValue>) => void): void {
  if (writeAll) {
    writeAll(rendered);
    rendered.clear();
  }
  for (const { element, name, value = null, isChanged, isAdopted } of rendered) {
    if (!isChanged || isAdopted || edited.has(element) || element[name] === value) continue;
    Object.assign(element, { [name]: value });
  }
}
