import { type FormControl, isEdited } from "../forms/form-control.js";

/** Functions of the lazy module for input that protect the user's input from renders. */
export interface InputKeeper {
  /** Renders without changing the control that the user is editing. */
  renderAround(render: () => void): void;
  /**
   * Remembers the user's edits in controls, and which of them had the focus. Returns a function that restores both
   * below another element.
   */
  keepEdits(
    from: ParentNode,
    isEdited: (control: FormControl) => boolean,
    focused: Element | null,
  ): (to: ParentNode) => void;
  /** Remembers the state that a node loses when it is removed. Returns a function that restores it. */
  keepState?(node: Node): () => void;
  /**
   * Remembers where the focus is below an element. Returns a function that moves it to a near place if its element has
   * been removed, or to an element with `autofocus` that has been added.
   */
  keepFocus?(container: Element): () => void;
}

let keeper: InputKeeper | undefined;

/** Edits that are restored when the module has been loaded. */
const waiting: (() => void)[] = [];

/** Makes all renders from now on use the loaded module, and restores the edits that were lost before. */
export function setInputKeeper(loaded: InputKeeper): void {
  keeper = loaded;
  for (const restore of waiting.splice(0)) restore();
}

/** Renders; the user's input stays if the module has been loaded. */
export function renderKeepingInput(render: () => void): void {
  if (keeper) keeper.renderAround(render);
  else render();
}

/** Remembers the state that a node loses when it is removed. Returns a function that restores it. */
export const keepState = (node: Node): (() => void) | undefined => keeper?.keepState?.(node);

/** Remembers where the focus is below an element. Returns a function that is called after a render. */
export const keepFocus = (container: Element): (() => void) | undefined =>
  keeper?.keepFocus?.(container);

/**
 * Restores the user's edits below an element whose nodes have been replaced: at once, or when the module has been
 * loaded.
 *
 * @param before the nodes that were there before
 * @param focused the element that had the focus
 */
export function restoreEdits(to: ParentNode, before: ParentNode, focused: Element | null): void {
  const restore = (): void => keeper?.keepEdits(before, isEdited, focused)(to);
  if (keeper) restore();
  else waiting.push(restore);
}
