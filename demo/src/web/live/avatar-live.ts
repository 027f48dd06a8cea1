import { readFile } from "node:fs/promises";
import { liveView, type Socket, type UploadEntry, upload } from "@live-session/adapter-koa";
import { html, type TemplateResult } from "lit";
import type { User } from "../../accounts/users/user.js";
import { avatarPath } from "../../avatars/avatar-route.js";
import { type Avatars, avatarTypes, maxAvatarBytes } from "../../avatars/avatars.js";
import { csrfField } from "../forms/field.js";

interface Needs {
  readonly currentUser: User;
}

interface Own {
  readonly hasAvatar: boolean;
}

const path = "/users/settings/avatar";

/** The page to choose an avatar. Its forms also work without JavaScript: then they are posted to this page. */
export const avatarLive = (avatars: Avatars) =>
  liveView("AvatarLive", {
    types: {} as { needs: Needs; own: Own },
    uploads: { avatar: upload({ accept: avatarTypes, maxFileSize: maxAvatarBytes }) },
    async mount({ socket }) {
      socket.pageTitle = "Avatar";
      socket.assign({ hasAvatar: await avatars.has(socket.assigns.currentUser.id) });
    },
    handleEvent: {
      async save({ socket, uploads }) {
        const { id } = socket.assigns.currentUser;
        const saved = await uploads.avatar.consume(async ({ path: file, entry }) => {
          await avatars.save(id, { type: entry.type, content: await readFile(file) });
        });
        if (saved.length > 0) reload(socket, "Avatar saved.");
        // A message at the file would disappear if the script of a posted form starts after all.
        else socket.putFlash("error", messageFor(uploads.avatar.entries));
      },
      async remove({ socket }) {
        await avatars.remove(socket.assigns.currentUser.id);
        reload(socket, "Avatar removed.");
      },
    },
    render: ({ hasAvatar, uploads, csrfToken }) => html`
      <div class="narrow">
        <h1>Avatar</h1>
        <form id="avatar_form" class="card" method="post" enctype="multipart/form-data" live-submit="save">
          ${csrfField(csrfToken)}
          <input type="hidden" name="_event" value="save">
          <p>A PNG, JPEG or WebP image of at most 1 MB.</p>
          <live-file-input .upload=${uploads.avatar} .texts=${inputTexts}>
            ${withoutScript(uploads.avatar.accept, uploads.avatar.entries)}
          </live-file-input>
          <p class="actions"><button>Save</button></p>
        </form>
        ${hasAvatar ? removal(csrfToken) : null}
      </div>`,
  });

/** Loads the page again, because a browser keeps showing the image that it has loaded for a page. */
function reload(socket: Socket, message: string): void {
  socket.putFlash("info", message);
  socket.redirect(path);
}

const inputTexts = { choose: "Choose an image", drop: "or drop it here" };

/** Is shown if the script of the element is missing. */
const withoutScript = (accept: string, entries: readonly UploadEntry[]): TemplateResult => html`
  <input type="file" name="avatar" accept=${accept} aria-label="Image">
  ${entries.map(({ name, errors }) => html`<p class="error" role="alert">${name}: ${errors.map(describe).join(" ")}</p>`)}`;

const describe = (error: UploadEntry["errors"][number]): string =>
  texts[error] ?? "The image could not be stored.";

const messageFor = ([refused]: readonly UploadEntry[]): string =>
  refused ? refused.errors.map(describe).join(" ") : "Choose an image.";

const texts: Partial<Record<string, string>> = {
  "too-large": "The image is larger than 1 MB.",
  "not-accepted": "This is not a PNG, JPEG or WebP image.",
};

const removal = (csrfToken: string): TemplateResult => html`
  <form id="remove_avatar_form" class="card" method="post" enctype="multipart/form-data" live-submit="remove">
    ${csrfField(csrfToken)}
    <input type="hidden" name="_event" value="remove">
    <img class="avatar large" src=${avatarPath} alt="Your avatar">
    <p class="actions"><button class="secondary">Remove avatar</button></p>
  </form>`;
