// The package's own declarations bring Node's globals along, which a browser project must not see.

/** Presses a key where the focus is, or holds it down, or lets it go. */
export function sendKeys(
  keys: { press: string } | { down: string } | { up: string },
): Promise<void>;
