import assert from "node:assert/strict";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { describe, it } from "node:test";
import { refusePayload } from "../../../src/live/declarations/refused-payload.js";

const issues = [
  { message: "is required", path: ["user", { key: "email" }] },
  { message: "is too short", path: ["user", "email"] },
  { message: "is no object" },
];

describe("a refused payload", () => {
  it("has a reply with the messages of each field", () => {
    assert.deepEqual(refusePayload("SettingsLive", "save", issues).value, {
      issues: { "user.email": ["is required", "is too short"], "": ["is no object"] },
    });
  });

  it("causes a warning with view, event and fields", (t) => {
    const warnings: unknown[] = [];
    const listen = (warning: unknown) => void warnings.push(warning);
    subscribe("live:refused-payload", listen);
    t.after(() => unsubscribe("live:refused-payload", listen));
    refusePayload("SettingsLive", "save", issues);
    assert.deepEqual(warnings, [
      { view: "SettingsLive", event: "save", fields: ["user.email", ""] },
    ]);
  });
});
