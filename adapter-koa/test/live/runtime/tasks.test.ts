import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { html } from "lit";
import { joinedChannel, nextTurn } from "../../support/fake-outbox.js";
import { gate } from "../../support/gate.js";
import { type Handled, handlingLive } from "../../support/views/handling-live.js";

describe("a task", () => {
  it("has its outcome handled after earlier messages", async () => {
    const view = handlingLive(({ socket }) => socket.startAsync("load", async () => "loaded"), {
      handleAsync: ({ socket, result }: Handled & { result: { value: string } }) =>
        socket.assign({ shown: result.value }),
    });
    const { channel, outbox } = await joinedChannel(view);
    channel.event("2", "do", {});
    await outbox.until(() => outbox.sent.length === 2);
    assert.deepEqual(outbox.sent[1]?.[4], { diff: { "0.1.0": "loaded" } });
  });

  it("has no effect after a newer task of its key has started", async () => {
    const slow = gate();
    const outcomes: unknown[] = [];
    const view = handlingLive(
      ({ socket, payload }) =>
        socket.startAsync("load", async () => {
          if (payload === "old") await slow.opened;
          return payload;
        }),
      {
        handleAsync: ({ socket, result }: Handled & { result: { value: string } }) => {
          outcomes.push(result.value);
          socket.assign({ shown: outcomes.length });
        },
      },
    );
    const { channel, outbox } = await joinedChannel(view);
    channel.event("2", "do", "old");
    channel.event("3", "do", "new");
    await outbox.until(() => outbox.sent.length === 3);
    slow.open();
    await nextTurn();
    await nextTurn();
    assert.deepEqual(outcomes, ["new"]);
  });

  it("of assignAsync is shown as loading, then as its value or error, without handleAsync", async () => {
    const view = handlingLive(
      ({ socket, payload }) => {
        socket.assignAsync("user", () => {
          if (payload === "fail") throw new Error("offline");
          return "Ada";
        });
      },
      {
        handleAsync: () => assert.fail("handleAsync ran"),
        render: ({ user }: { user?: { loading: boolean; result: unknown; failed?: Error } }) =>
          html`${user?.loading ? "…" : `${user?.result} ${user?.failed?.message ?? ""}`}`,
      },
    );
    const { channel, outbox } = await joinedChannel(view);
    channel.event("2", "do", "work");
    await outbox.until(() => outbox.sent.length === 2);
    channel.event("3", "do", "fail");
    await outbox.until(() => outbox.sent.length === 4);
    assert.deepEqual(
      outbox.sent.map((sent) => JSON.stringify(sent).match(/"0\.1\.0":"([^"]*)"/)?.[1]),
      ["…", "Ada ", "…", "Ada offline"],
    );
  });
});
