import { liveComponent, liveEvent } from "@live-session/adapter-koa";
import { html } from "lit";
import { z } from "zod";

interface InlineEditProps {
  readonly label: string;
  readonly value: string;
  onSave(value: string): void;
}

/** Shows a value that becomes a field when it is clicked. `before` is the value at that time. */
export const inlineEdit = liveComponent<InlineEditProps, { before: string | null }>("InlineEdit", {
  mount: ({ socket }) => socket.assign({ before: null }),
  handleEvent: {
    edit: ({ socket }) => socket.assign({ before: socket.assigns.value }),
    cancel: ({ socket }) => socket.assign({ before: null }),
    save: liveEvent(z.object({ value: z.string().trim().max(200) }), ({ payload, socket }) => {
      socket.assigns.onSave(payload.value);
      socket.assign({ before: null });
    }),
  },
  render: ({ label, value, before }) =>
    before === null
      ? html`<button type="button" class="text" live-click="edit" aria-label="${label}: ${value}. Edit">${value || label}</button>`
      : html`<form method="post" live-submit="save">
          <input name="value" .value=${before} maxlength="200" autocomplete="off" autofocus aria-label=${label}
            live-keydown="cancel" live-key="Escape">
          <button>Save</button>
          <button type="button" live-click="cancel">Cancel</button>
          ${value === before ? null : html`<p role="status">Another member has changed this to “${value}”.</p>`}
        </form>`,
});
