import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { liveEvent } from "../../../src/live/declarations/live-event.js";
import { liveError } from "../../support/live-error.js";

describe("liveEvent", () => {
  const schema = {
    "~standard": { version: 1, vendor: "test", validate: () => ({ value: {} }) },
  } as const;
  const bad: [schema: unknown, handler: unknown][] = [
    [undefined, () => {}],
    [{}, () => {}],
    [{ parse() {} }, () => {}],
    [schema, undefined],
    [schema, "inc"],
  ];
  for (const [given, handler] of bad) {
    it(`refuses ${JSON.stringify(given)} with ${typeof handler} as its handler`, () => {
      assert.throws(
        () => liveEvent(given as typeof schema, handler as () => void),
        liveError(
          "LIVE_ERR_VIEW",
          "schema or handler passed to liveEvent is invalid",
          "Standard Schema",
        ),
      );
    });
  }
});
