// Compiled by `tsc -p adapter-koa` and never run: each marked line must have a type error, and no other line.

import { createWriteStream, type WriteStream } from "node:fs";
import { LiveRouter, liveEvent, liveView, upload } from "@live-session/adapter-koa";
import { html } from "lit";
import { z } from "zod";

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type Expect<T extends true> = T;

export const view = liveView("UploadsLive", {
  types: {} as { own: { count: number } },
  uploads: {
    avatar: upload({ accept: ["image/*"] }),
    archive: upload({ writer: ({ entry }) => createWriteStream(entry.ref) }),
    report: upload({ external: () => ({ url: "https://storage", key: "a" }) }),
  },
  mount({ socket, uploads }) {
    socket.assign({ count: 0 });
    uploads.avatar.onComplete(({ entry }) => socket.assign({ count: entry.size }));
    // @ts-expect-error -- there is no such upload
    uploads.picture;
  },
  handleEvent: {
    save: liveEvent(z.object({ id: z.string() }), async ({ uploads, payload, socket }) => {
      payload.id satisfies string;
      socket.assigns.count satisfies number;
      const paths = await uploads.avatar.consume(({ path }) => path);
      paths satisfies readonly string[];
      // @ts-expect-error -- the file is not stored temporarily
      await uploads.archive.consume(({ path }) => path);
      const streams = await uploads.archive.consume(({ writer }) => writer);
      streams satisfies readonly WriteStream[];
      const keys = await uploads.report.consume(({ destination }) => destination.key);
      keys satisfies readonly string[];
    }),
    cancel({ uploads, socket }) {
      uploads.avatar.cancel("ref");
      socket.assigns.uploads.avatar.cancel("ref");
      // @ts-expect-error -- there is no such upload
      uploads.picture;
    },
  },
  handleInfo: ({ socket }) => socket.assigns.uploads.avatar.cancel("ref"),
  render: ({ uploads, count }) =>
    html`${uploads.avatar.progress}${count}${uploads.report.entries[0]?.name}`,
});

new LiveRouter().live("/", view);

type Events = NonNullable<(typeof view)["events"]>;
export type SaveTakesAnId = Expect<Equal<keyof Events, "save" | "cancel">>;

liveView("WithoutUploads", {
  // @ts-expect-error -- the view declares no uploads
  mount: ({ uploads }) => uploads.avatar.cancel("ref"),
  render: () => html``,
});

// @ts-expect-error -- a file has one target
upload({ writer: () => createWriteStream(""), external: () => ({ url: "" }), unknown: true });
