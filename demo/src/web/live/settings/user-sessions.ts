import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { SessionEntry } from "../../../accounts/sessions.js";
import { csrfField } from "../../forms/field.js";

const time = new Intl.DateTimeFormat("en", {
  dateStyle: "medium",
  timeStyle: "short",
  timeZone: "UTC",
});

/** Renders the list of the user's sessions, each with a form that ends it, and the button to end all of them. */
export function userSessions(sessions: readonly SessionEntry[], csrfToken: string): TemplateResult {
  return html`
    <section class="card" aria-labelledby="sessions_heading">
      <h2 id="sessions_heading">Sessions</h2>
      <ul class="sessions">
        ${repeat(
          sessions,
          ({ id }) => id,
          (session) => sessionItem(session, csrfToken),
        )}
      </ul>
      <p>Log out in all browsers, for example after losing a device.</p>
      <p class="actions">
        <button
          type="button"
          class="secondary dialog-button"
          popovertarget="log_out_everywhere"
        >
          Log Out Everywhere
        </button>
      </p>
    </section>
    ${logOutDialog(csrfToken)}`;
}

function sessionItem({ id, device, usedAt, isCurrent }: SessionEntry, csrfToken: string) {
  return html`
    <li>
      <span>
        <strong id=${`session_${id}`}>${device ?? "Unknown browser"}</strong>
        <small>
          ${isCurrent ? "This browser" : html`Last used <time datetime=${usedAt.toISOString()}>${time.format(usedAt)} UTC</time>`}
        </small>
      </span>
      ${isCurrent ? nothing : endForm(id, csrfToken)}
    </li>`;
}

function endForm(id: number, csrfToken: string): TemplateResult {
  return html`
    <form id=${`end_session_${id}`} action=${`/users/sessions/${id}`} method="post" live-submit="end_session">
      <input type="hidden" name="_method" value="delete">
      <input type="hidden" name="id" value=${id}>
      ${csrfField(csrfToken)}
      <button class="secondary" id=${`end_${id}`} aria-labelledby=${`end_${id} session_${id}`}>End</button>
    </form>`;
}

/**
 * Renders the dialog to log out everywhere. The script `dialogs.js` opens it as a modal dialog. Without JavaScript it is a
 * popover, and in browsers without popovers a part of the page.
 */
function logOutDialog(csrfToken: string): TemplateResult {
  return html`
    <dialog
      id="log_out_everywhere"
      class="card"
      popover
      aria-labelledby="log_out_everywhere_heading"
      aria-describedby="log_out_everywhere_text"
    >
      <h2 id="log_out_everywhere_heading">Log out everywhere?</h2>
      <p id="log_out_everywhere_text">
        This ends all your sessions, including this one. Unsaved changes in open pages will be lost.
      </p>
      <form class="actions" action="/users/sessions" method="post">
        <input type="hidden" name="_method" value="delete">
        ${csrfField(csrfToken)}
        <button
          type="button"
          class="secondary dialog-button"
          popovertarget="log_out_everywhere"
          popovertargetaction="hide"
        >
          Cancel
        </button>
        <button class="danger">Log Out</button>
      </form>
    </dialog>`;
}
