import { hydrate } from "@lit-labs/ssr-client";
import { render } from "lit/html.js";
import type { WireValue } from "../protocol/index.js";
import { keepEdits } from "./form-control.js";
import { toHydratable, toLit } from "./render.js";

/**
 * Shows a view in an element, whatever is there: nothing, what the server rendered, or an earlier render.
 * Of the last two every node that the view still has is kept, and with it focus and typed text.
 */
export function show(view: WireValue, container: HTMLElement): void {
  const rendered = toLit(view);
  let restoreEdits: (() => void) | undefined;
  if (!("_$litPart$" in container || takeOver(view, container))) {
    // Not what the server rendered for this view; begin anew.
    restoreEdits = keepEdits(container);
    container.replaceChildren();
  }
  render(rendered, container);
  restoreEdits?.();
}

/** Whether the nodes in an element are those of the view, and now Lit's. */
function takeOver(view: WireValue, container: HTMLElement): boolean {
  const isMarker = (node: Node): boolean => node instanceof Comment && node.data.startsWith("lit-part");
  if (!Array.from(container.childNodes).some(isMarker)) return false;
  try {
    hydrate(toHydratable(view), container);
  } catch {
    return false;
  }
  // Lit finds the elements that have bindings; those without wait too.
  for (const element of container.querySelectorAll("[defer-hydration]")) {
    element.removeAttribute("defer-hydration");
  }
  return true;
}
