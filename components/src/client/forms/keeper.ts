import type { InputKeeper } from "../rendering/input-keeper.js";
import { isEdited, isEditedBefore, writeBound } from "./bound-control.js";
import { keepEdits } from "./edits.js";
import { beforeRender, isProtected } from "./locks.js";

/** Whether the values were rendered while this module was loading, so that it does not know yet which edits are new. */
let isFirst = true;

/** Protects the user's input from renders. */
export const inputKeeper: InputKeeper = {
  beforeRender,
  writeBound(values) {
    const isKept = isFirst ? isEdited : isProtected;
    isFirst = false;
    writeBound(values, isKept);
  },
  keepEdits: (from, focused, isFirstView) =>
    keepEdits(from, isFirstView ? isEditedBefore : isEdited, focused),
};
