import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { describe, it } from "node:test";
import { promisify } from "node:util";
import { argsToRun } from "../../../../scripts/test-runner/process-script.js";

describe("a refused join", () => {
  it("is logged with its reason and without its tokens for NODE_DEBUG=live:join", async () => {
    const { stderr } = await promisify(execFile)(
      process.execPath,
      argsToRun("adapter-koa/test/support/processes/refused-join.ts"),
      { env: { ...process.env, NODE_DEBUG: "live:join" } },
    );
    assert.match(
      stderr,
      /^LIVE:JOIN \d+: join of lv:live-\S+ refused: stale \(the CSRF token does not belong to the HTTP session of the socket\)\n$/,
    );
  });
});
