import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  type JoinToken,
  signJoinToken,
  verifyJoinToken,
} from "../../../src/koa/page/join-token.js";
import { Signer } from "../../../src/koa/session/signer.js";

const signer = new Signer(["a secret that only these tests know, 1"]);
const minute = 60_000;
const joinToken: JoinToken = {
  id: "live-1",
  liveSession: "one",
  route: "/one/:id",
  session: { role: "guest" },
  flash: { info: "Hello" },
  dropIn: true,
  statics: "8f2a",
  sessionKey: "key",
};

describe("a join token", () => {
  it("contains the claims that were signed", () => {
    assert.deepEqual(verifyJoinToken(signer, signJoinToken(signer, joinToken), minute), joinToken);
  });

  it("drops flash messages that are not strings", () => {
    const token = signer.sign("join", [1, "live-1", "one", "/", {}, { info: 5, error: "No" }]);
    assert.deepEqual(verifyJoinToken(signer, token, minute)?.flash, { error: "No" });
  });

  it("is refused if it has another version, form or purpose, or if it has expired", (t) => {
    t.mock.timers.enable({ apis: ["Date"], now: 1_000_000_000_000 });
    const data = [1, "live-1", "one", "/", {}, {}];
    for (const other of [[2, ...data.slice(1)], ["1", ...data.slice(1)], [], {}, null, "text", 1]) {
      assert.equal(verifyJoinToken(signer, signer.sign("join", other), minute), undefined);
    }
    assert.equal(verifyJoinToken(signer, signer.sign("flash", data), minute), undefined);
    const token = signJoinToken(signer, joinToken);
    t.mock.timers.tick(minute + 1);
    assert.equal(verifyJoinToken(signer, token, minute), undefined);
  });
});
