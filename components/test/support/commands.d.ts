// The package's own declarations include Node's globals, which a browser project must not see.

/** Presses, holds down or releases a key on the focused element. */
export function sendKeys(
  keys: { press: string } | { down: string } | { up: string },
): Promise<void>;
