import type { Element } from "domhandler";
import { textContent } from "domutils";
import { closest } from "../html/page-html.js";
import { typeOf } from "./control-type.js";

const typesWithDirection = ["text", "search", "tel", "url", "email", "password", "hidden"];
/** The first character that has a direction; its group is set if that is right to left. */
const strong =
  /([\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}])|\p{L}/u;

/**
 * Returns the name of the entry that contains the direction of a field's text; `undefined` if the form does not send it.
 */
export function directionName(field: Element): string | undefined {
  const hasDirection = field.name === "textarea" || typesWithDirection.includes(typeOf(field));
  return hasDirection ? field.attribs.dirname : undefined;
}

/** Returns the direction of the text in a field. */
export function directionOf(field: Element, value: string): "ltr" | "rtl" {
  const owner = closest(field, ({ attribs }) => /^(ltr|rtl|auto)$/i.test(attribs.dir ?? ""));
  const dir = owner?.attribs.dir?.toLowerCase();
  if (typeOf(field) === "tel" && owner !== field) return "ltr";
  const isRtl =
    dir === "auto" && owner
      ? strong.exec(owner === field ? value : textContent(owner))?.[1] !== undefined
      : dir === "rtl";
  return isRtl ? "rtl" : "ltr";
}
