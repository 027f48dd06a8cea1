import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Mailbox, type MailboxOwner } from "../../../src/live/runtime/mailbox.js";
import { nextTurn } from "../../support/fake-outbox.js";
import { gate } from "../../support/gate.js";
import { until } from "../../support/wait.js";

/** Creates a mailbox that records its calls. `work` may delay an item or throw. */
function traced(work: (item: string) => void | Promise<void> = () => {}, limit = 10) {
  const trace: string[] = [];
  const owner: MailboxOwner<string> = {
    handle(item) {
      trace.push(item);
      return work(item);
    },
    settle() {
      trace.push("settle");
    },
    mark() {},
    settleMarked() {
      trace.push("settle marked");
    },
    fail(error) {
      trace.push(`fail: ${(error as Error).message}`);
    },
  };
  return { mailbox: new Mailbox(owner, limit), trace, owner };
}

describe("a mailbox", () => {
  it("handles nothing before it is opened, then the waiting items first", async () => {
    const { mailbox, trace } = traced();
    mailbox.push("a");
    mailbox.defer("b");
    mailbox.push("c");
    await nextTurn();
    assert.deepEqual(trace, []);
    mailbox.open();
    mailbox.push("d");
    await nextTurn();
    assert.deepEqual(trace, ["a", "b", "c", "d", "settle"]);
  });

  it("handles an item during the call if it is idle", () => {
    const { mailbox, trace } = traced();
    mailbox.open();
    mailbox.push("a");
    mailbox.push("b");
    assert.deepEqual(trace, ["a", "settle", "b", "settle"]);
  });

  it("never handles a deferred item during the call", async () => {
    const { mailbox, trace } = traced();
    mailbox.open();
    mailbox.defer("a");
    mailbox.push("b");
    assert.deepEqual(trace, []);
    await nextTurn();
    assert.deepEqual(trace, ["a", "b", "settle"]);
  });

  it("delays items until an async item has ended, and settles once for them", async () => {
    let finish = () => {};
    const slow = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const { mailbox, trace } = traced((item) => (item === "slow" ? slow : undefined));
    mailbox.open();
    mailbox.push("slow");
    mailbox.push("a");
    mailbox.push("b");
    await nextTurn();
    assert.deepEqual(trace, ["slow"]);
    finish();
    await nextTurn();
    await nextTurn();
    assert.deepEqual(trace, ["slow", "settle", "a", "b", "settle"]);
  });

  it("handles the async items of a batch one after the other", async () => {
    const { mailbox, trace } = traced(async (item) => {
      await nextTurn();
      trace.push(`${item} done`);
    });
    mailbox.push("a");
    mailbox.push("b");
    mailbox.open();
    while (!trace.includes("settle")) await nextTurn();
    assert.deepEqual(trace, ["a", "a done", "b", "b done", "settle"]);
  });

  it("settles the items before an async item while that takes long", async () => {
    const { opened, open } = gate();
    const { mailbox, trace } = traced((item) => (item === "slow" ? opened : undefined));
    for (const item of ["a", "b", "slow", "c"]) mailbox.push(item);
    mailbox.open();
    await until(() => trace.includes("settle marked"));
    open();
    await until(() => trace.includes("settle"));
    assert.deepEqual(trace, ["a", "b", "slow", "settle marked", "c", "settle"]);
  });

  it("settles in between if the items of a batch take long", async () => {
    const { mailbox, trace } = traced((item) => {
      const end = performance.now() + (item === "busy" ? 60 : 0);
      while (performance.now() < end);
    });
    for (const item of ["a", "busy", "b"]) mailbox.push(item);
    mailbox.open();
    await until(() => trace.includes("b"));
    assert.deepEqual(trace, ["a", "busy", "settle", "b", "settle"]);
  });

  for (const kind of ["sync", "async"]) {
    it(`lets other work of the process run during a long batch of ${kind} items`, async () => {
      const { mailbox, trace } = traced((item) => {
        const end = performance.now() + 10;
        while (performance.now() < end);
        if (item === "a") setImmediate(() => trace.push("other work"));
        if (kind === "async") return Promise.resolve();
      });
      for (const item of ["a", "b", "c", "d"]) mailbox.defer(item);
      mailbox.open();
      await until(() => trace.at(-1) === "settle" && trace.includes("d"), "the end of the batch");
      assert.deepEqual(
        trace.filter((entry) => !entry.startsWith("settle")),
        ["a", "other work", "b", "c", "d"],
      );
    });
  }

  it("handles nothing after an error of settleMarked", async () => {
    const { opened, open } = gate();
    const { mailbox, trace, owner } = traced((item) => (item === "slow" ? opened : undefined));
    owner.settleMarked = () => {
      throw new Error("no");
    };
    owner.fail = (error) => {
      trace.push(String(error));
      mailbox.close();
    };
    for (const item of ["a", "slow", "b"]) mailbox.push(item);
    mailbox.open();
    await until(() => trace.length === 3);
    open();
    await nextTurn();
    await nextTurn();
    assert.deepEqual(trace, ["a", "slow", "Error: no"]);
  });

  it("refuses items above its limit", () => {
    const { mailbox } = traced(undefined, 2);
    assert.ok(mailbox.push("a"));
    assert.ok(mailbox.defer("b"));
    assert.ok(!mailbox.push("c"));
    assert.ok(!mailbox.defer("d"));
  });

  it("handles nothing after a sync or async error", async () => {
    for (const fails of [
      () => {
        throw new Error("no");
      },
      () => Promise.reject(new Error("no")),
    ]) {
      const { mailbox, trace } = traced(fails);
      mailbox.push("a");
      mailbox.push("b");
      mailbox.open();
      await nextTurn();
      mailbox.push("c");
      await nextTurn();
      assert.deepEqual(trace, ["a", "fail: no"]);
    }
  });

  it("discards the waiting items when it is closed, and ignores later ones", async () => {
    const { mailbox, trace } = traced((item) => {
      if (item === "a") mailbox.close();
    });
    mailbox.push("a");
    mailbox.push("b");
    mailbox.open();
    await nextTurn();
    assert.ok(mailbox.push("c"));
    assert.ok(mailbox.defer("d"));
    mailbox.wake();
    await nextTurn();
    assert.deepEqual(trace, ["a"]);
  });

  it("settles once for several calls of wake, even without items", async () => {
    const { mailbox, trace } = traced();
    mailbox.wake();
    await nextTurn();
    assert.deepEqual(trace, []);
    mailbox.open();
    mailbox.wake();
    mailbox.wake();
    await nextTurn();
    assert.deepEqual(trace, ["settle"]);
  });
});
