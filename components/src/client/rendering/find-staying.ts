/**
 * Chooses the rows that stay in place while the others move around them. They are usually as many as possible: all but
 * one if one row has moved.
 *
 * @param origins the old position of each row in the new order; -1 for a new row
 * @param fixed the old position of a row that must stay; -1 if there is none
 * @returns their positions in the new order, ascending
 */
export function findStaying(origins: readonly number[], fixed: number): number[] {
  const pivot = fixed === -1 ? -1 : origins.indexOf(fixed);
  const originOf = (position: number): number => origins[position] as number;
  const candidates = [...origins.keys()].filter((i) => {
    if (originOf(i) === -1) return false;
    return pivot === -1 || i === pivot || i < pivot === originOf(i) < fixed;
  });
  // Searching from the start finds the rows around one that has moved down; searching from the end, around one that has
  // moved up.
  const rising = chain(candidates, (i, last) => originOf(i) > originOf(last));
  const falling = chain(candidates.reverse(), (i, last) => originOf(i) < originOf(last)).reverse();
  return rising.length < falling.length ? falling : rising;
}

/** Returns the first position, and each later one that continues the chain. */
function chain(
  positions: readonly number[],
  continues: (position: number, last: number) => boolean,
): number[] {
  let last = positions[0];
  return positions.filter((position) => {
    if (position !== last && !continues(position, last as number)) return false;
    last = position;
    return true;
  });
}
