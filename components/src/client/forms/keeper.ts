import { isEdited, isEditedBefore, writeBound } from "./bound-control.js";
import { keepEdits } from "./edits.js";
import type { BoundValue } from "./form-control.js";
import { beforeRender, isProtected } from "./locks.js";

/** Whether the values were rendered while this module was loading, so that it does not know yet which edits are new. */
let isFirst = true;

/** Protects the user's input from renders. */
export const inputKeeper = {
  beforeRender,
  writeBound(values: Iterable<BoundValue>): void {
    const isKept = isFirst ? isEdited : isProtected;
    isFirst = false;
    writeBound(values, isKept);
  },
  keepEdits: (from: ParentNode, focused: Element | null, isFirstView: boolean) =>
    keepEdits(from, isFirstView ? isEditedBefore : isEdited, focused),
};
