/** Selects the elements of a command: in the whole page, inside the bound element, or among its ancestors. */
export type CommandTarget = string | { readonly inner: string } | { readonly closest: string };

/** The classes of a command's transition: during all of it, at its start, and at its end. */
export type CommandTransition = readonly [
  during: readonly string[],
  start: readonly string[],
  end: readonly string[],
];
