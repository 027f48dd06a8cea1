import { membersOf } from "./bound-control.js";

/** A select and the values of its chosen options, before a render. */
interface Choice {
  readonly select: HTMLSelectElement;
  readonly values: readonly string[];
}

/**
 * Remembers the user's choices before a render. If the render moves options by writing others into the same elements,
 * the browser keeps the positions of the chosen options, not their values.
 *
 * @param isEdited whether the user has chosen the options of a select
 * @returns a function that restores the choices. It returns the selects that no longer have the chosen options.
 */
export function keepChoices(
  isEdited: (select: HTMLSelectElement) => boolean,
): () => Set<HTMLSelectElement> {
  const choices = [...membersOf(document).querySelectorAll("select")]
    .filter(isEdited)
    .map((select): Choice => ({ select, values: valuesOf(select) }));
  return () => new Set(choices.filter((choice) => !restore(choice)).map(({ select }) => select));
}

const valuesOf = ({ selectedOptions }: HTMLSelectElement): string[] =>
  Array.from(selectedOptions, ({ value }) => value);

/** Restores a choice. Returns whether all chosen options still exist. */
function restore({ select, values }: Choice): boolean {
  if (valuesOf(select).join("\n") === values.join("\n")) return true;
  const found = values.map((value) => [...select.options].find((option) => option.value === value));
  if (found.includes(undefined)) return false;
  for (const option of select.options) {
    const isChosen = found.includes(option);
    if (option.selected !== isChosen) option.selected = isChosen;
  }
  return true;
}
