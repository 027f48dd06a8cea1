import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { version } from "../../src/protocol/version.js";

describe("the version that travels", () => {
  it("is the package's", () => {
    const manifest = JSON.parse(readFileSync("components/package.json", "utf8"));
    assert.equal(version, manifest.version);
  });
});
