import { hydrate } from "@lit-labs/ssr-client";
import { render } from "lit/html.js";
import type { WireValue } from "../../protocol/index.js";
import { remarkLoading } from "../bindings/loading-class.js";
import { membersOf } from "../forms/form-members.js";
import { checkMarkers } from "./check-markers.js";
import { depthStep } from "./child-part.js";
import type { ForeignChanges } from "./foreign-changes.js";
import { keepIgnored } from "./ignorable.js";
import { keepFocus, renderKeepingInput, restoreEdits } from "./input-keeper.js";
import { toHydratable, toLit } from "./to-lit.js";
import { hydrateCompletely } from "./value-places.js";

/** Lit's property of elements that it renders into. */
const litPart = "_$litPart$";

/**
 * Shows a view in an element that is empty or contains the server's HTML or an earlier render. Nodes that the view
 * still has are kept, with the focus and typed text.
 *
 * @param ignored selects the elements in it that belong to other scripts
 * @param isUpdate whether the element shows the same view before and afterwards
 */
export function show(
  view: WireValue,
  container: HTMLElement,
  ignored = "[live-ignore]",
  isUpdate = false,
): void {
  const moveFocus = isUpdate ? keepFocus?.(container) : undefined;
  const rendered = toLit(view);
  const draw = (): void => renderKeepingInput(() => render(rendered, container));
  const isFirst = !(litPart in container);
  const redraw = (): void => {
    const restore = clear(container, ignored, isFirst);
    draw();
    restore();
  };
  const drawAll = (): void => {
    if (!isFirst || hydrateView(view, container)) drawOr(draw, redraw);
    else redraw();
  };
  const known = changesIn(container, ignored);
  if (known) known.render(drawAll);
  else {
    const records = takeEarly(container);
    if (records.some(({ removedNodes, target }) => removedNodes[0] && isOwn(target, container)))
      redraw();
    else drawAll();
    watchEarly(container);
    void repairLater(container, ignored);
  }
  moveFocus?.();
  remarkLoading();
}

/** Whether a node belongs to the view of an element, not to a view inside it. */
const isOwn = (node: Node, container: HTMLElement): boolean =>
  membersOf(node as Element).closest("live-session") === container.closest("live-session");

/** Renders a view from scratch where another script has removed nodes that Lit needs to update it. */
function drawOr(draw: () => void, redraw: () => void): void {
  try {
    draw();
  } catch {
    redraw();
  }
}

/** The changes of other scripts, by the element that shows the view. */
export const changes = new WeakMap<HTMLElement, ForeignChanges>();

/** The lazy module, when it has been loaded. */
let repairs: typeof import("./foreign-changes.js") | undefined;

function changesIn(container: HTMLElement, ignored: string): ForeignChanges | undefined {
  let found = changes.get(container);
  if (!found && repairs) {
    found = new repairs.ForeignChanges(container, ignored);
    changes.set(container, found);
  }
  return found;
}

/**
 * Repairs what others change as soon as the module is loaded. Without it, an update that fails renders the view from
 * scratch.
 */
async function repairLater(container: HTMLElement, ignored: string): Promise<void> {
  repairs ??= await import("./foreign-changes.js").catch(() => undefined);
  changesIn(container, ignored)?.start(takeEarly(container));
}

/** Notes what others change before the module has been loaded, by the element that shows the view. */
const early = new WeakMap<HTMLElement, () => readonly MutationRecord[]>();

function watchEarly(container: HTMLElement): void {
  const records: MutationRecord[] = [];
  const observer = new MutationObserver((more) => records.push(...more));
  observer.observe(container, { childList: true, subtree: true });
  early.set(container, () => {
    records.push(...observer.takeRecords());
    observer.disconnect();
    return records.splice(0);
  });
}

const takeEarly = (container: HTMLElement): readonly MutationRecord[] =>
  early.get(container)?.() ?? [];

/** Renders a view in a document without scripts, so that its elements are not active. */
export function drawInert(view: WireValue): HTMLElement {
  const inert = document.implementation.createHTMLDocument();
  renderKeepingInput(() => render(toLit(view), inert.body, { creationScope: inert }));
  return inert.body;
}

/**
 * Empties an element.
 *
 * @returns a function that restores ignored elements and the user's edits after the next render.
 */
function clear(container: HTMLElement, ignored: string, isFirst: boolean): () => void {
  const { activeElement } = container.getRootNode() as Document;
  const restoreIgnored = keepIgnored(container, ignored);
  const before = new DocumentFragment();
  before.append(...container.childNodes);
  delete (container as { [litPart]?: unknown })[litPart];
  return () => {
    restoreIgnored();
    restoreEdits(container, before, activeElement, isFirst);
  };
}

/** Makes Lit adopt the server's HTML in an element. Returns whether it is the HTML of the view. */
function hydrateView(view: WireValue, container: HTMLElement): boolean {
  if (!Array.from(container.childNodes).some(depthStep)) return false;
  if (!checkMarkers(container)) return false;
  try {
    if (!hydrateCompletely(() => hydrate(toHydratable(view), container))) return false;
  } catch {
    return false;
  }
  // Lit has done this for elements that have bindings, but those without are deferred too.
  for (const element of container.querySelectorAll("[defer-hydration]")) {
    element.removeAttribute("defer-hydration");
  }
  return true;
}
