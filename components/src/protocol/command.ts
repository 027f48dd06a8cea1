/** Which elements a command is for: a selector in the page, or one from the bound element inwards or upwards. */
export type CommandTarget = string | { readonly inner: string } | { readonly closest: string };

/** The classes of a command's transition: all the while, at its start, and at its end. */
export type CommandTransition = readonly [
  during: readonly string[],
  start: readonly string[],
  end: readonly string[],
];
