import {
  defaultAttributes,
  warningAboutAttribute,
  warningAboutDefault,
} from "./control-warnings.js";

/** The attributes of bindings. Those that end with `-` may have any suffix. */
const bindings: readonly string[] = [
  ...[
    "auto-recover",
    "blur",
    "change",
    "click",
    "click-away",
    "confirm",
    "connected",
    "debounce",
    "disable-with",
    "disconnected",
  ],
  ...["every-click", "focus", "hook", "ignore", "key", "keydown", "keyup", "mounted", "navigate"],
  ...["optimistic", "patch", "remove", "replace", "submit", "target", "throttle", "trigger-action"],
  ...["upload", "viewport-bottom", "viewport-top", "window-blur", "window-focus", "window-keydown"],
  ...["window-keyup", "value-"],
].map((name) => `live-${name}`);

/** Returns a warning about an attribute that looks like a binding and is not one; undefined for any other name. */
export function warningAbout(attribute: string): string | undefined {
  if (!attribute.startsWith("live-")) return undefined;
  const isKnown = bindings.some((name) =>
    name.endsWith("-") ? attribute.startsWith(name) : attribute === name,
  );
  if (isKnown) return undefined;
  const [nearest] = bindings
    .map((name) => ({ name, distance: distanceOf(attribute, name) }))
    .sort((one, other) => one.distance - other.distance);
  const hint = nearest && nearest.distance <= 3 ? ` Did you mean ${nearest.name}?` : "";
  return `${attribute} is not a binding, so it has no effect.${hint}`;
}

/**
 * Warns in the console, now and later, about attributes that look like bindings, about forms without an id or a method, and
 * about controls that do not follow the view.
 */
export function warnAboutBindings(root: Document): void {
  const seen = new WeakSet<Element>();
  const check = (element: Element): void => {
    if (seen.has(element)) return;
    seen.add(element);
    for (const warning of warningsOf(element)) warn(warning, element);
  };
  const checkAll = (node: ParentNode): void => {
    for (const element of node.querySelectorAll("*")) check(element);
  };
  checkAll(root);
  new MutationObserver((records) => {
    for (const { addedNodes, attributeName, target } of records) {
      const warning = attributeName && warningAboutDefault(target as Element, attributeName);
      if (warning) warn(warning, target);
      for (const node of addedNodes) {
        if (!(node instanceof Element)) continue;
        check(node);
        checkAll(node);
      }
    }
  }).observe(root, { childList: true, subtree: true, attributeFilter: [...defaultAttributes] });
}

function warn(warning: string, element: Node): void {
  // biome-ignore lint/suspicious/noConsole: the console is where an author looks for warnings.
  console.warn(`${warning}\n`, element);
}

function warningsOf(element: Element): string[] {
  const warnings = element.getAttributeNames().flatMap((name) => warningAbout(name) ?? []);
  if (element.matches("form[live-change]:not([id])"))
    warnings.push(
      "a form with live-change needs an id. Without it, typed text is lost when the page connects again.",
    );
  if (element.matches("form[live-submit]:not([method])"))
    warnings.push(
      "a form with live-submit needs a method. Without it, Enter puts the fields into the URL until the script has loaded.",
    );
  return warnings.concat(warningAboutAttribute(element) ?? []);
}

/** Returns how many letters must be inserted, deleted or replaced to turn one string into another. */
function distanceOf(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
