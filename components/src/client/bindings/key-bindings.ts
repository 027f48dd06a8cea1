import type { Binder } from "./binder.js";

// What the browser tells, and the bindings' name for it. `focus` and `blur` come to the window only when
// they are its own.
const names: Readonly<Record<string, string>> = {
  keydown: "keydown",
  keyup: "keyup",
  focusin: "focus",
  focusout: "blur",
  focus: "focus",
  blur: "blur",
};

/**
 * Acts on keys and on the focus: an element hears its own (`live-keydown`, `live-keyup`, `live-focus`,
 * `live-blur`), and if nobody does those of the page are heard by all who are bound to the window
 * (`live-window-keydown` …). With a `live-key` only that key counts.
 */
export function bindKeys(binder: Binder): (e: Event, path: readonly HTMLElement[]) => void {
  const tell = (element: HTMLElement, binding: string, type: string, e: Event): void => {
    const { key } = e as KeyboardEvent;
    const only = element.getAttribute(binder.name("key"));
    // A field that the browser fills in tells of keys that have no name.
    if (only !== null && type.startsWith("key") && only.toLowerCase() !== key?.toLowerCase())
      return;
    binder.fire(element, binding, e, {
      type,
      value: { ...(key && { key }), ...binder.valueOf(element) },
    });
  };
  return (e, [source]) => {
    const name = names[e.type];
    if (!name) return;
    if (source?.hasAttribute(binder.name(name))) {
      tell(source, name, name, e);
      return;
    }
    if (name !== e.type) return;
    for (const element of binder.all(`window-${name}`)) tell(element, `window-${name}`, name, e);
  };
}
