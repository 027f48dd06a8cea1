type Checked = readonly [
  selector: string,
  attribute: string,
  property: "value" | "checked" | "selected",
];

/** The controls whose attribute is only a default, with the property that follows the view. */
const defaults: readonly Checked[] = [
  [
    "input:not([type=checkbox], [type=radio], [type=hidden], [type=button], [type=submit], [type=reset], [type=image])",
    "value",
    "value",
  ],
  ["input:is([type=checkbox], [type=radio])", "checked", "checked"],
  ["option", "selected", "selected"],
];

/** The attributes whose changes {@link warningsAboutDefault} checks. */
export const defaultAttributes: readonly string[] = ["value", "checked", "selected"];

/**
 * Returns a warning about a control whose attribute the view has just changed, if the control ignores it: the user has
 * changed the control, and the attribute is only its default.
 */
export function warningAboutDefault(control: Element, changed: string): string | undefined {
  const found = defaults.find(
    ([selector, attribute]) => attribute === changed && control.matches(selector),
  );
  if (!found || !control.closest("live-session") || showsDefault(control, found)) return undefined;
  const [, attribute, property] = found;
  return `this ${control.localName} does not follow the view, because the user has changed it: the attribute ${attribute} is only the default. Bind the property: .${property}=\${…}`;
}

/** Returns a warning about a control with an attribute that its element does not have. */
export function warningAboutAttribute(control: Element): string | undefined {
  if (!control.matches("textarea[value], select[value]")) return undefined;
  return `a ${control.localName} has no attribute value, so the attribute has no effect. Bind the property: .value=\${…}`;
}

/** Whether a control shows what a new one with the same attributes would show. */
function showsDefault(control: Element, [, attribute, property]: Checked): boolean {
  if (control instanceof HTMLOptionElement) return control.selected || !control.defaultSelected;
  if (!(control instanceof HTMLInputElement)) return true;
  // A radio button that the view no longer checks stays checked until another one is checked.
  if (property === "checked") return control.checked || !control.hasAttribute(attribute);
  const fresh = document.createElement("input");
  for (const { name, value } of control.attributes) fresh.setAttribute(name, value);
  return fresh.value === control.value;
}
