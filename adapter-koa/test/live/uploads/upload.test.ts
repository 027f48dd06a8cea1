import assert from "node:assert/strict";
import { Writable } from "node:stream";
import { describe, it } from "node:test";
import { liveView, upload } from "@live-session/adapter-koa";
import { html } from "lit";
import { liveError } from "../../support/live-error.js";

describe("upload", () => {
  const wrong: Readonly<Record<string, object>> = {
    "an unknown option": { maxSize: 1 },
    "a size that is not a number": { maxFileSize: "1 MB" },
    "a negative number of files": { maxEntries: -1 },
    "a chunk size of zero": { chunkSize: 0 },
    "accept as a string": { accept: "image/*" },
    "an extension without a dot": { accept: ["png"] },
    "autoUpload that is not a boolean": { autoUpload: 1 },
    "a writer that is not a function": { writer: {} },
    "two targets": { writer: () => new Writable(), external: () => ({ url: "/" }) },
  };
  for (const [name, options] of Object.entries(wrong)) {
    it(`refuses ${name}`, () => {
      assert.throws(() => upload(options), liveError("LIVE_ERR_UPLOAD"));
    });
  }

  it("is required for the uploads of a view", () => {
    const uploads = { avatar: { maxEntries: 1 } } as never;
    const render = () => html``;
    assert.throws(() => liveView("View", { uploads, render }), liveError("LIVE_ERR_UPLOAD"));
  });

  it("accepts extensions and types, ignoring case", () => {
    const { accept } = upload({ accept: [".PDF", "image/*", "text/plain"] });
    assert.equal(String(accept), ".pdf,image/*,text/plain");
    assert.ok(accept.includes("a.Pdf", ""));
    assert.ok(accept.includesType("application/pdf"));
    assert.ok(accept.includes("a", "image/png"));
    assert.ok(!accept.includes("a.png", ""));
    assert.ok(!accept.includesType("text/html"));
  });
});
