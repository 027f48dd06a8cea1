import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { inspect } from "node:util";
import { type MailError, MailQueue } from "../../../src/accounts/mail/mail-queue.js";

describe("MailQueue", () => {
  it("runs jobs one after the other, in order", async () => {
    const queue = new MailQueue({ report: (error) => assert.fail(error) });
    const steps: string[] = [];
    for (const name of ["a", "b", "c"]) {
      queue.add("Subject", async () => {
        steps.push(`${name} begins`);
        await new Promise(setImmediate);
        steps.push(`${name} ends`);
      });
    }
    assert.deepEqual(steps, []);
    await queue.idle();
    assert.deepEqual(steps, ["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
  });

  it("reports a failed job and continues", async () => {
    const reported: MailError[] = [];
    const queue = new MailQueue({ report: (error) => reported.push(error) });
    const cause = new Error("no such host");
    let isRun = false;
    queue.add("First", () => Promise.reject(cause));
    queue.add("Second", () => {
      throw cause;
    });
    queue.add("Third", async () => {
      isRun = true;
    });
    await queue.idle();
    assert.deepEqual(
      reported.map(({ message, cause }) => [message, cause]),
      [
        ['could not send "First"', cause],
        ['could not send "Second"', cause],
      ],
    );
    assert.equal(isRun, true);
  });

  it("becomes idle after jobs that other jobs have added", async () => {
    const queue = new MailQueue({ report: (error) => assert.fail(error) });
    const steps: string[] = [];
    queue.add("Subject", async () => {
      queue.add("Subject", async () => void steps.push("inner"));
      steps.push("outer");
    });
    await queue.idle();
    assert.deepEqual(steps, ["outer", "inner"]);
    await queue.idle();
  });

  it("refuses jobs above its limit and accepts jobs again later", async () => {
    const reported: MailError[] = [];
    const queue = new MailQueue({ report: (error) => reported.push(error), limit: 2 });
    const run: number[] = [];
    for (const n of [1, 2, 3]) queue.add("Subject", async () => void run.push(n));
    assert.match(inspect(reported), /2 mails are waiting/);
    await queue.idle();
    queue.add("Subject", async () => void run.push(4));
    await queue.idle();
    assert.deepEqual(run, [1, 2, 4]);
    assert.equal(reported.length, 1);
  });
});
