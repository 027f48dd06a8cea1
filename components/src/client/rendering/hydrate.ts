import { hydrate } from "@lit-labs/ssr-client";
import { render } from "lit/html.js";
import type { WireValue } from "../../protocol/index.js";
import { remarkLoading } from "../bindings/loading-class.js";
import { type FormControl, isEdited } from "../forms/form-control.js";
import { adoptAll } from "./adopt.js";
import { keepIgnored } from "./ignored.js";
import { toHydratable, toLit } from "./to-lit.js";

/** What the part for input does about renders, once it is there. */
export interface InputKeeper {
  /** Renders without changing what the user is at. */
  renderAround(render: () => void): void;
  /** Remembers what the user has done in controls, and where the focus was; puts it back below an element. */
  keepEdits(
    from: ParentNode,
    isEdited: (control: FormControl) => boolean,
    focused: Element | null,
  ): (to: ParentNode) => void;
}

let keeper: InputKeeper | undefined;
/** What waits for the part. */
const late: (() => void)[] = [];

/** Lets the part look after all renders from now on, and after what was lost before. */
export function setInputKeeper(by: InputKeeper): void {
  keeper = by;
  for (const restore of late.splice(0)) restore();
}

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
    const { activeElement } = container.getRootNode() as Document;
    const before = new DocumentFragment();
    const restoreEdits = (): void => keeper?.keepEdits(before, isEdited, activeElement)(container);
    restore = [
      keepIgnored(container, ignored),
      keeper ? restoreEdits : () => late.push(restoreEdits),
    ];
    before.append(...container.childNodes);
    delete (container as { _$litPart$?: unknown })._$litPart$;
  }
  const draw = (): unknown => render(rendered, container);
  if (keeper) keeper.renderAround(draw);
  else draw();
  for (const each of restore) each();
  remarkLoading();
}

/** A view as it would be shown, with elements that do nothing. */
export function drawInert(view: WireValue): HTMLElement {
  const inert = document.implementation.createHTMLDocument();
  render(toLit(view), inert.body, { creationScope: inert });
  return inert.body;
}

/** Whether the nodes in an element are those of the view, and now Lit's. */
function takeOver(view: WireValue, container: HTMLElement): boolean {
  const isMarker = (node: Node): boolean =>
    node instanceof Comment && node.data.startsWith("lit-part");
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
