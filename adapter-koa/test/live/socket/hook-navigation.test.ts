import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Message } from "@live-session/components/protocol";
import { onMount } from "../../../src/live/declarations/on-mount.js";
import { cont, halt } from "../../../src/live/socket/outcome.js";
import type { Socket } from "../../../src/live/socket/socket.js";
import { joinedChannel } from "../../support/fake-outbox.js";
import { handlingLive } from "../../support/views/handling-live.js";

describe("a hook that navigates", () => {
  const ways = {
    redirect: [(socket: Socket) => socket.redirect("/away"), { redirect: { to: "/away" } }],
    navigate: [
      (socket: Socket) => socket.pushNavigate("/away"),
      { live_redirect: { to: "/away", kind: "push" } },
    ],
    patch: [
      (socket: Socket) => socket.pushPatch("/other"),
      { live_patch: { to: "/other", kind: "push" } },
    ],
  } as const;
  for (const stage of ["handleEvent", "handleInfo", "handleParams"] as const) {
    for (const [way, [go, target]] of Object.entries(ways)) {
      for (const result of [halt(), cont()]) {
        const goesOn = result === cont();
        it(`with ${way} on ${stage} and returns ${goesOn ? "cont" : "halt"} has the effect of a callback`, async () => {
          let ran = 0;
          const attach = onMount("a", ({ socket }) => {
            socket.attachHook("a", stage, ({ socket }) => {
              if (!socket.connected || socket.url.endsWith("/other") || !armed) return cont();
              armed = false;
              go(socket);
              return result;
            });
            return cont();
          });
          let armed = false;
          const count = () => void ran++;
          const view = handlingLive(count, { handleInfo: count, handleParams: count });
          const { channel, outbox, errors } = await joinedChannel(view, {
            options: { onMount: attach },
          });
          armed = true;
          ran = 0;
          if (stage === "handleEvent") channel.event("2", "do", {});
          else if (stage === "handleInfo") channel.send("message");
          else channel.patch("2", "http://localhost/view?page=2");
          await outbox.until(() => outbox.sent.length > 0);
          const [[, ref, , event, payload]] = outbox.sent as [Message];
          const [pushed] = Object.entries(target);
          if (stage === "handleInfo")
            assert.deepEqual([ref, event, payload], [null, ...(pushed ?? [])]);
          else assert.deepEqual([ref, payload], ["2", { status: "ok", response: target }]);
          const patched = way === "patch" ? 1 : 0;
          assert.deepEqual(
            [ran, Number(channel.awaitsBrowser), errors],
            [patched + (goesOn ? 1 : 0), 1 - patched, []],
          );
        });
      }
    }
  }
});
