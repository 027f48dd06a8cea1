import { createReadStream } from "node:fs";
import { buffer } from "node:stream/consumers";
import { liveView, MissedMessages, type Presence, reply, upload } from "@live-session/adapter-koa";
import { html } from "lit";
import type { Entries } from "./entries.js";
import { type FeedMessage, type FeedState, feedTopic } from "./protocol.js";

/** Adds a message to what a page has received. The numbers of each sender must follow one another. */
function withMessage(
  { last, received, faults }: FeedState,
  message: FeedMessage | MissedMessages,
): FeedState {
  if (message instanceof MissedMessages)
    return { last, received, faults: [...faults, "messages are no longer stored"] };
  const { sender, n } = message;
  const expected = (last[sender] ?? 0) + 1;
  return {
    last: { ...last, [sender]: Math.max(n, last[sender] ?? 0) },
    received: received + 1,
    faults: n === expected ? faults : [...faults, `${sender}: ${n} instead of ${expected}`],
  };
}

interface Work {
  readonly count: number;
  readonly feed: FeedState;
}

/**
 * Creates the view of a page that uses every feature that must not lose data: kept assigns, a numbered topic, the
 * database, uploads, and the presence of views.
 */
export const createWorkLive = (presence: Presence<{ process: number }>, entries: Entries) =>
  liveView("WorkLive", {
    types: {} as { own: Work },
    keep: ["count", "feed"],
    uploads: { file: upload({ maxFileSize: 100_000_000 }) },
    mount({ kept, socket }) {
      const feed = kept.feed ?? { last: {}, received: 0, faults: [] };
      socket.assign({ count: kept.count ?? 0, feed });
      socket.subscribe(feedTopic, { resume: true });
      socket.track(presence, "pages", socket.id, { process: process.pid });
    },
    handleEvent: {
      inc: ({ socket }) => socket.assign({ count: socket.assigns.count + 1 }),
      async add({ payload }) {
        const { page, n } = payload as { page: number; n: number };
        await entries.add(page, n);
        return reply({});
      },
      feed: ({ socket }) => reply({ feed: socket.assigns.feed }),
      async save({ uploads }) {
        const sizes = await uploads.file.consume(
          async ({ path }) => (await buffer(createReadStream(path))).byteLength,
        );
        return reply({ sizes });
      },
    },
    handleInfo({ message, socket }) {
      const feed = withMessage(socket.assigns.feed, message as FeedMessage | MissedMessages);
      socket.assign({ feed });
    },
    render: ({ count }) => html`<p>${count}</p>`,
  });
