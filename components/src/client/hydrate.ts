import { hydrate } from "@lit-labs/ssr-client";
import { render } from "lit/html.js";
import type { WireValue } from "../protocol/index.js";
import { adoptAll } from "./adopt.js";
import { keepEdits } from "./form-control.js";
import { keepIgnored } from "./ignored.js";
import { toHydratable, toLit } from "./render.js";

/**
 * Shows a view in an element, whatever is there: nothing, what the server rendered, or an earlier render.
 * Of the last two every node that the view still has is kept, and with it focus and typed text.
 *
 * @param ignored selects the elements in it that belong to other scripts
 */
export function show(view: WireValue, container: HTMLElement, ignored = "[live-ignore]"): void {
  const rendered = toLit(view);
  let restore: (() => void)[] = [];
  if (!("_$litPart$" in container || takeOver(view, container))) {
    // Not what the server rendered for this view; begin anew.
    restore = [keepEdits(container), keepIgnored(container, ignored)];
    container.replaceChildren();
    delete (container as { _$litPart$?: unknown })._$litPart$;
  }
  render(rendered, container);
  for (const each of restore) each();
}

/** Whether the nodes in an element are those of the view, and now Lit's. */
function takeOver(view: WireValue, container: HTMLElement): boolean {
  const isMarker = (node: Node): boolean => node instanceof Comment && node.data.startsWith("lit-part");
  if (!Array.from(container.childNodes).some(isMarker)) return false;
  try {
    if (!adoptAll(() => hydrate(toHydratable(view), container))) return false;
  } catch {
    return false;
  }
  // Lit finds the elements that have bindings; those without wait too.
  for (const element of container.querySelectorAll("[defer-hydration]")) {
    element.removeAttribute("defer-hydration");
  }
  return true;
}
