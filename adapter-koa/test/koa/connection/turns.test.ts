import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Turns } from "../../../src/koa/connection/turns.js";

describe("the turn of a visitor", () => {
  it("ends after four milliseconds of work, and begins again after a pause", () => {
    const turn = new Turns().enter("a");
    assert.equal(turn.isOver(10), false);
    turn.add(10, 13);
    assert.equal(turn.isOver(13.5), false);
    turn.add(13.5, 15);
    assert.equal(turn.isOver(15.5), true);
    assert.equal(turn.isOver(16), false);
  });

  it("is shared by the connections of one session, until the last one has ended", () => {
    const turns = new Turns();
    const turn = turns.enter("a");
    assert.equal(turns.enter("a"), turn);
    assert.notEqual(turns.enter("b"), turn);
    turns.leave("a", turn);
    assert.equal(turns.enter("a"), turn);
    turns.leave("a", turn);
    turns.leave("a", turn);
    assert.notEqual(turns.enter("a"), turn);
  });

  it("is not shared without a session", () => {
    const turns = new Turns();
    assert.notEqual(turns.enter(undefined), turns.enter(undefined));
  });
});
