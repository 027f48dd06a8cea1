import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { version } from "../../src/protocol/version.js";

describe("the version on the wire", () => {
  it("is the version in package.json", () => {
    const manifest = JSON.parse(readFileSync("components/package.json", "utf8"));
    assert.equal(version, manifest.version);
  });
});
