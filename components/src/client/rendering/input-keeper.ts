import type { BoundValue } from "../forms/form-control.js";
import { finishRender } from "./bound-values.js";

/** Functions of the lazy module for input that protect the user's input from renders. */
export interface InputKeeper {
  /** Called before a render. The returned function is called after it, before the values of controls are written. */
  beforeRender(): () => void;
  /** Writes the values of a render to their controls, except to those that the user is editing. */
  writeBound(values: Iterable<BoundValue>): void;
  /**
   * Remembers the user's edits in controls, and which of them had the focus. Returns a function that restores both
   * below another element.
   *
   * @param isFirst whether the user may have changed the controls before the client was loaded
   */
  keepEdits(from: ParentNode, focused: Element | null, isFirst: boolean): (to: ParentNode) => void;
  /** Remembers the state that a node loses when it is removed. Returns a function that restores it. */
  keepState?(node: Node): () => void;
}

let keeper: InputKeeper | undefined;

/** Edits that are restored when the module has been loaded. */
const waiting: (() => void)[] = [];

/** Makes all renders from now on use the loaded module, and restores the edits that were lost before. */
export function setInputKeeper(loaded: InputKeeper): void {
  keeper = loaded;
  finishRender(loaded.writeBound);
  for (const restore of waiting.splice(0)) restore();
}

/** Renders, and keeps the user's input. Until the module has been loaded, all edited controls stay as they are. */
export function renderKeepingInput(render: () => void): void {
  const afterRender = keeper?.beforeRender();
  try {
    render();
  } finally {
    afterRender?.();
  }
  finishRender(keeper?.writeBound);
}

/** Remembers the state that a node loses when it is removed. Returns a function that restores it. */
export const keepState = (node: Node): (() => void) | undefined => keeper?.keepState?.(node);

/**
 * Remembers where the focus is below an element. Returns a function that moves it to a nearby element if its element has been
 * removed, or to an element with `autofocus` that has been added.
 */
export type FocusKeeper = (container: Element) => () => void;

/** The function of the lazy module for the page; `undefined` until the module has been loaded. */
export let keepFocus: FocusKeeper | undefined;

/** Makes all updates from now on move the focus if its element is removed. */
export function setFocusKeeper(loaded: FocusKeeper): void {
  keepFocus = loaded;
}

/**
 * Restores the user's edits below an element whose nodes have been replaced: at once, or when the module has been
 * loaded.
 *
 * @param before the nodes that were there before
 * @param focused the element that had the focus
 * @param isFirst whether the nodes were the server's HTML, which the user may have changed before the client was loaded
 */
export function restoreEdits(
  to: ParentNode,
  before: ParentNode,
  focused: Element | null,
  isFirst: boolean,
): void {
  const restore = (): void => keeper?.keepEdits(before, focused, isFirst)(to);
  if (keeper) restore();
  else waiting.push(restore);
}
