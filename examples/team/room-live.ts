import { randomUUID } from "node:crypto";
import { copyFile } from "node:fs/promises";
import path from "node:path";
import { liveEvent, liveView, on, upload } from "@live-session/adapter-koa";
import { html } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { z } from "zod";
import { isImage } from "./files.js";
import { addMessage, filesFolder, type Message, newestMessages, rooms } from "./store.js";
import { room } from "./topics.js";

/** A room of the chat. */
export const roomLive = liveView("RoomLive", {
  types: {} as { needs: { member: string }; own: { room: string; messages: readonly Message[] } },
  params: z.object({ room: z.enum(rooms) }),
  uploads: { files: upload({ maxEntries: 5, maxFileSize: 10_000_000 }) },
  mount({ params, socket }) {
    socket.subscribe(room(params.room));
    socket.assign({ room: params.room, messages: newestMessages(params.room) });
    socket.pageTitle = `#${params.room}`;
  },
  handleInfo: on(room, ({ message, socket }) =>
    socket.assign({ messages: added(socket.assigns.messages, message) }),
  ),
  handleEvent: {
    post: liveEvent(
      z.object({ text: z.string().trim().max(2000) }),
      async ({ payload: { text }, socket, uploads }) => {
        const { member, messages, room: name } = socket.assigns;
        const files = await uploads.files.consume(async ({ path: from, entry }) => {
          const file = { id: randomUUID(), name: entry.name, type: entry.type };
          await copyFile(from, path.join(filesFolder, file.id));
          return file;
        });
        if (text === "" && files.length === 0) return;
        const message = addMessage(name, member, text, files);
        socket.broadcast(room(name), message);
        socket.assign({ messages: added(messages, message) });
      },
    ),
  },
  render: ({ room, messages, uploads, csrfToken }) => html`
    <h1>#${room}</h1>
    <div class="log" role="log" aria-label="Messages" tabindex="0">
      <ol>${repeat(messages, ({ id }) => id, showMessage)}</ol>
    </div>
    <form id="post" live-submit="post" method="post" enctype="multipart/form-data">
      <input type="hidden" name="_csrf_token" value=${csrfToken}>
      <input type="hidden" name="_event" value="post">
      <input name="text" .value=${""} maxlength="2000" autocomplete="off" aria-label="Message" placeholder="Message #${room}">
      <button>Send</button>
      <live-file-input .upload=${uploads.files}>
        <input type="file" name="files" multiple aria-label="Files">
      </live-file-input>
    </form>`,
});

const added = (messages: readonly Message[], message: Message): readonly Message[] =>
  messages.some(({ id }) => id === message.id) ? messages : [...messages, message].slice(-100);

const showMessage = ({ author, text, files }: Message) => html`<li>
  <strong>${author}</strong> ${text}
  ${files.map(({ id, name, type }) =>
    isImage(type)
      ? html`<a href="/files/${id}"><img src="/files/${id}" alt=${name}></a>`
      : html`<a href="/files/${id}">${name}</a>`,
  )}
</li>`;
