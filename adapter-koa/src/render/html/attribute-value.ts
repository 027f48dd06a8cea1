import {
  isWireData,
  isWireDirective,
  isWireNothing,
  type WireValue,
} from "@live-session/components/protocol";
import type { ReflectedAttribute } from "./reflected-attribute.js";
import { toStyleText } from "./style-text.js";

/** A value without Lit's `live` around it: the first HTML has nothing to compare it with. */
export function withoutLive(value: WireValue): WireValue {
  return isWireDirective(value) && value.x === "live" ? (value.v[0] ?? null) : value;
}

/** The text of a value of an attribute; `undefined` when the attribute must not be there. */
export function toAttributeText(wrapped: WireValue): string | undefined {
  const value = withoutLive(wrapped);
  if (isWireNothing(value)) return undefined;
  if (!isWireDirective(value)) return toText(value);
  const info = toProperty(value.v[0] ?? null) as Readonly<Record<string, unknown>>;
  if (value.x === "styleMap") return toStyleText(info);
  return Object.keys(info)
    .filter((name) => info[name])
    .join(" ");
}

/** The text that the browser shows for a value. */
export function toText(value: WireValue): string {
  if (value === null || isWireNothing(value)) return "";
  return String(isWireData(value) ? value.j : value);
}

/** The value of a property. */
export function toProperty(value: WireValue): unknown {
  if (isWireNothing(value)) return undefined;
  return isWireData(value) ? value.j : value;
}

/** Whether a boolean attribute is present. */
export function isTrue(value: WireValue): boolean {
  return !isWireNothing(value) && Boolean(value);
}

/** The text of the attribute that reflects a property; `undefined` when the attribute must not be there. */
export function reflect({ isBoolean }: ReflectedAttribute, value: WireValue): string | undefined {
  const property = toProperty(value);
  if (property === null || property === undefined) return undefined;
  // `hidden` can be "until-found" besides true and false.
  if (isBoolean) return property === "until-found" ? property : property ? "" : undefined;
  return typeof property === "object" && !Array.isArray(property) ? undefined : String(property);
}
