import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Message } from "@live-session/components/protocol";
import { eventsOf, joinedChannel, replyOf } from "../../support/fake-outbox.js";
import { liveError } from "../../support/live-error.js";
import { emptyLive } from "../../support/views/counter-live.js";
import { type Handled, handlingLive } from "../../support/views/handling-live.js";
import { until } from "../../support/wait.js";

describe("a patch", () => {
  const patching = (seen: unknown[], more: (context: Handled) => void = () => {}) =>
    handlingLive(({ socket, payload }) => socket.pushPatch(payload as string), {
      handleInfo: ({ socket, message }: Handled) => {
        seen.push(message);
        if (typeof message === "string" && message.startsWith("/")) socket.pushPatch(message);
      },
      handleParams(context: Handled & { url: string }) {
        seen.push([context.socket.liveAction, { ...context.params }, context.url]);
        more(context);
      },
    });

  it("of the browser runs handleParams with the new URL, and no mount", async () => {
    const seen: unknown[] = [];
    const { channel, outbox } = await joinedChannel(patching(seen));
    seen.length = 0;
    channel.patch("2", "http://localhost/other?page=2#top");
    assert.deepEqual(seen, [["other", { page: "2" }, "http://localhost/other?page=2#top"]]);
    assert.deepEqual(replyOf(outbox.sent[0] as Message).response, {});
  });

  it("of an event is part of its reply", async () => {
    const seen: unknown[] = [];
    const { channel, outbox } = await joinedChannel(patching(seen));
    seen.length = 0;
    channel.event("2", "do", "/view?page=2");
    assert.deepEqual(seen, [["show", { page: "2" }, "http://localhost/view?page=2"]]);
    assert.deepEqual(replyOf(outbox.sent[0] as Message).response, {
      live_patch: { to: "/view?page=2", kind: "push" },
    });
  });

  it("of a message is pushed, and runs before messages that the view has sent itself", async () => {
    const seen: unknown[] = [];
    const { channel, outbox } = await joinedChannel(patching(seen));
    seen.length = 0;
    channel.send("/view?page=2");
    channel.send("later");
    await until(() => seen.length === 3);
    assert.deepEqual(seen, [
      "/view?page=2",
      ["show", { page: "2" }, "http://localhost/view?page=2"],
      "later",
    ]);
    assert.deepEqual(outbox.sent[0]?.slice(3), [
      "live_patch",
      { to: "/view?page=2", kind: "push" },
    ]);
  });

  it("may follow another patch, and the browser receives only the last one", async () => {
    const seen: unknown[] = [];
    const view = patching(seen, ({ params, socket }) => {
      const page = Number(params.page ?? 5);
      if (page < 5) socket.pushPatch(`/view?page=${page + 1}`);
    });
    const { channel, outbox } = await joinedChannel(view);
    channel.event("2", "do", "/view?page=1");
    assert.deepEqual(replyOf(outbox.sent[0] as Message).response, {
      live_patch: { to: "/view?page=5", kind: "push" },
    });
  });

  it("loop ends the view with an error", async () => {
    const view = patching([], ({ params, socket }) => {
      if (params.page !== undefined) socket.pushPatch("/view?page=1");
    });
    const { channel, errors, outbox } = await joinedChannel(view);
    channel.event("2", "do", "/view?page=1");
    liveError("LIVE_ERR_PATCH", "BadLive patched 20 times in a row")(errors[0]);
    assert.equal(eventsOf(outbox.sent), '[["phx_error","1"]]');
  });

  const foreign = [
    "http://localhost/elsewhere",
    "http://localhost/nowhere",
    "http://localhost/foreign",
    "http://example.com/view",
    "https://localhost/view",
    "data:/view",
  ];
  for (const url of foreign) {
    it(`to ${url} ends the view with an error`, async () => {
      const view = handlingLive(() => {});
      const { channel, errors, outbox } = await joinedChannel(view, {
        routes(router) {
          router.liveSession("foreign").live("/foreign", view);
          router.live("/elsewhere", emptyLive);
        },
      });
      channel.patch("2", url);
      liveError("LIVE_ERR_PATCH", "URL of a patch", "is not a URL of the view BadLive")(errors[0]);
      assert.equal(eventsOf(outbox.sent), '[["phx_error","1"]]');
    });
  }

  it("does not print the path of a refused URL, which may contain a token", async () => {
    const view = handlingLive(() => {});
    const { channel, errors } = await joinedChannel(view, {
      routes: (router) => router.live("/reset/:token", emptyLive),
    });
    channel.patch("2", "http://localhost/reset/s3cret");
    assert.ok(!(errors[0] as Error).message.includes("s3cret"));
  });
});
