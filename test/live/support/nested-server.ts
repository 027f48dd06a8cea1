import {
  cont,
  createPresence,
  defineHook,
  LiveRouter,
  liveComponent,
  liveView,
  nested,
  upload,
} from "@live-session/adapter-koa";
import { notificationMessage, notifications, presence } from "@live-session/adapter-koa/hooks";
import { html } from "lit";
import { openServer } from "../../../adapter-koa/test/support/server.js";

/** A server whose pages contain nested views with everything that a view can have. */

const online = createPresence();
const whoIsHere = presence(online, {
  topic: "site",
  key: ({ socket }) => socket.id,
  meta: () => ({}),
  show: (list) => ({
    ids: list
      .map(({ key }) => key)
      .filter((id) => !id.startsWith("live-"))
      .sort(),
  }),
});
const filtering = defineHook("filtering", {
  keep: ["filter"],
  mount: ({ kept }) => cont({ filter: String(kept.filter ?? "all") }),
  handleEvent: { "filter:new": ({ socket }) => socket.assign({ filter: "new" }) },
});

const box = liveComponent<object, { count: number }>("Box", {
  keep: ["count"],
  mount: ({ kept, socket }) => socket.assign({ count: (kept.count as number | undefined) ?? 0 }),
  handleEvent: { add: ({ socket }) => socket.assign({ count: socket.assigns.count + 1 }) },
  render: ({ count }) => html`<button class="box" live-click="add">box ${count}</button>`,
});

interface Needs {
  readonly filter: string;
  readonly notifications: readonly { readonly title: string }[];
  readonly presence: { readonly ids: readonly string[] };
}

const partLive = (name: string, content: () => unknown) =>
  liveView(name, {
    types: {} as { needs: Needs; own: { step: number; saved: string } },
    keep: ["step"],
    uploads: { files: upload({ autoUpload: true }) },
    mount({ kept, socket, uploads }) {
      socket.assign({ step: kept.step ?? 1, saved: "" });
      uploads.files.onComplete(async () => {
        const [name = ""] = await uploads.files.consume(
          ({ entry }) => `${entry.name} ${entry.size}`,
        );
        socket.assign({ saved: name });
      });
    },
    handleEvent: {
      step: ({ socket }) => socket.assign({ step: socket.assigns.step + 1 }),
    },
    render: ({ step, filter, saved, notifications, presence, uploads }) => html`
    <button class="step" live-click="step">step ${step}</button>
    <button class="filter" live-click="filter:new">filter ${filter}</button>
    ${box.at("box", {})}
    ${notifications.map(({ title }) => html`<p class="notice">${title}</p>`)}
    <p class="ids">${presence.ids.join(" ")}</p>
    <input type="file" live-upload="files">
    <p class="saved">${uploads.files.entries.map(({ progress }) => progress)} ${saved}</p>
    ${content()}`,
  });
const innerLive = partLive("InnerLive", () => "");
const chatLive = partLive("ChatLive", () => nested(innerLive, { id: "inner" }));

const pageLive = (title: string) =>
  liveView(`${title}Live`, {
    types: {} as { needs: Needs },
    render: () => html`<h1>${title}</h1>
      ${nested(chatLive, { id: "chat" })}
      <a href="/other" live-navigate>Other</a> <a href="/" live-navigate>Home</a>`,
  });
const layout = ({ content }: { content: unknown }) =>
  html`${nested(innerLive, { id: "player", sticky: true })}${content}`;

const router = new LiveRouter();
router
  .liveSession("site", { layout, onMount: [filtering, notifications(), whoIsHere] })
  .live("/", pageLive("Home"))
  .live("/other", pageLive("Other"));
const { app, live } = await openServer(router, {
  port: Number(process.env.PORT),
  before: [
    (ctx, next) => {
      const { user } = ctx.query;
      if (user) Object.assign(ctx.session ?? {}, { user, live_socket_id: `users:${user}` });
      return next();
    },
  ],
});
process.on("message", ({ notify, disconnect }: { notify?: string; disconnect?: string }) => {
  if (notify) live.broadcast("notifications", notificationMessage({ id: notify, title: notify }));
  if (disconnect) live.disconnect(`users:${disconnect}`);
});
app.on("error", (error) => process.send?.({ error: String(error) }));
process.on("disconnect", () => process.exit());
process.send?.("ready");
