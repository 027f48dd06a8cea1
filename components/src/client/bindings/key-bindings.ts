import type { Binder } from "./binder.js";
import type { Delays } from "./delays.js";

// The DOM events and the names of their bindings. An element's own focus is reported by `focusin` and `focusout`,
// which bubble. `focus` and `blur` reach the window only when the window itself gets or loses the focus.
const bindings: Readonly<Record<string, string>> = {
  keydown: "keydown",
  keyup: "keyup",
  focusin: "focus",
  focusout: "blur",
  focus: "focus",
  blur: "blur",
};

/**
 * Creates a handler for keys and the focus. It fires the binding of the innermost element (`live-keydown`, `live-keyup`,
 * `live-focus`, `live-blur`). If that element has none, it fires those of all elements that are bound to the window
 * (`live-window-keydown` …). An element with `live-key` reacts to that key only.
 *
 * @param delays the delays whose edits are sent before a shortcut of the window
 */
export function bindKeys(
  binder: Binder,
  delays: Pick<Delays, "flushEdits">,
): (e: Event, path: readonly HTMLElement[]) => void {
  const fire = (element: HTMLElement, binding: string, type: string, e: Event): void => {
    const { key } = e as KeyboardEvent;
    const only = binder.attribute(element, "key");
    // When the browser fills in a field, it dispatches key events without a `key`.
    const isOtherKey = only !== null && only.toLowerCase() !== key?.toLowerCase();
    if (isOtherKey && type.startsWith("key")) return;
    const isShortcut = only !== null || isCommand(e as KeyboardEvent);
    // The view must know what the user has typed before a shortcut, such as that for "save".
    if (binding.startsWith("window-key") && isShortcut) delays.flushEdits();
    const value = { ...(key && { key }), ...binder.valueOf(element) };
    binder.fire(element, binding, e, { type, value });
  };
  return (e, [source]) => {
    const binding = bindings[e.type];
    if (!binding) return;
    if (source && binder.has(source, binding)) {
      fire(source, binding, binding, e);
      return;
    }
    // The window bindings ignore `focusin` and `focusout`, where an element gets or loses the focus.
    const isWindowEvent = binding === e.type;
    if (!isWindowEvent) return;
    const windowBinding = `window-${binding}`;
    for (const element of binder.all(windowBinding)) fire(element, windowBinding, binding, e);
  };
}

/** Whether a key does not belong to the text that the user is typing. */
const isCommand = ({ key, altKey, ctrlKey, metaKey }: KeyboardEvent): boolean =>
  altKey || ctrlKey || metaKey || /^(Enter|Escape|F\d+)$/.test(key);
