import {
  isWireData,
  isWireDirective,
  isWireNothing,
  type WireValue,
} from "@live-session/components/protocol";
import type { ReflectedAttribute } from "../reflected-attribute.js";
import { toStyleText } from "./style-text.js";

/** Returns a value without Lit's `live` around it, because the first HTML has nothing to compare it with. */
export function withoutLive(value: WireValue): WireValue {
  return isWireDirective(value) && value.x === "live" ? (value.v[0] ?? null) : value;
}

/** Returns the text of an attribute's value; `undefined` if the attribute must not be written. */
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

/** Returns the text that the browser shows for a value. */
export function toText(value: WireValue): string {
  if (value === null || isWireNothing(value)) return "";
  return String(isWireData(value) ? value.j : value);
}

/** Returns the value that a wire value gives to a property of an element; `undefined` for `nothing`. */
export function toProperty(value: WireValue): unknown {
  if (isWireNothing(value)) return undefined;
  return isWireData(value) ? value.j : value;
}

/** Returns whether a boolean attribute is present. */
export function isTrue(value: WireValue): boolean {
  return !isWireNothing(value) && Boolean(value);
}

/** Returns the text of the attribute that reflects a property; `undefined` if it must not be written. */
export function reflect({ isBoolean }: ReflectedAttribute, value: WireValue): string | undefined {
  const property = toProperty(value);
  if (property === null || property === undefined) return undefined;
  // `hidden` can be "until-found" besides true and false.
  if (isBoolean) return property === "until-found" ? property : property ? "" : undefined;
  return typeof property === "object" && !Array.isArray(property) ? undefined : String(property);
}
