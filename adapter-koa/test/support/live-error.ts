import assert from "node:assert/strict";
import { LiveError, type LiveErrorCode } from "../../src/live/live-error.js";

/** For `assert.throws` and `assert.rejects`: checks for a `LiveError` with this code and with all these strings in its message. */
export function liveError(
  code: LiveErrorCode,
  ...texts: readonly string[]
): (error: unknown) => true {
  return (error) => {
    assert.ok(error instanceof LiveError, `expected a LiveError, got ${error}`);
    assert.equal(error.code, code);
    for (const text of texts) {
      assert.ok(error.message.includes(text), `"${text}" is missing in: ${error.message}`);
    }
    return true;
  };
}
