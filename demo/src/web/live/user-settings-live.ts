import { liveEvent, liveView } from "@live-session/adapter-koa";
import { html, type TemplateResult } from "lit";
import { z } from "zod";
import type { Accounts } from "../../accounts/accounts.js";
import type { User } from "../../accounts/users/user.js";
import { toFields } from "../../fields.js";
import { addressOf } from "../client-address.js";
import { csrfField, field, formError } from "../forms/field.js";
import { changedForm, type Form, filledForm, refusedForm, untouchedForm } from "../forms/form.js";
import { takeForm } from "../forms/kept-form.js";
import { showPasswords } from "../forms/show-passwords.js";
import { usernameField } from "../forms/username-field.js";
import type { UserActions } from "../user-actions.js";

interface Needs {
  readonly currentUser: User;
}

interface Own {
  readonly address: string;
  readonly remembered: boolean;
  readonly emailForm: Form;
  readonly passwordForm: Form;
  readonly triggerAction: boolean;
}

type PasswordFormAssigns = Needs & Omit<Own, "emailForm"> & { readonly csrfToken: string };

/** Checks only that a form was sent. The accounts validate each field, with messages for the user. */
const fieldsSchema = z.object({ user: z.looseObject({}) });

/** The page to change the e-mail address and the password. */
export const userSettingsLive = (accounts: Accounts, actions: UserActions) =>
  liveView("UserSettingsLive", {
    types: {} as { needs: Needs; own: Own },
    mount({ session, socket }) {
      socket.pageTitle = "Settings";
      const { email } = socket.assigns.currentUser;
      socket.assign({
        address: addressOf(session),
        remembered: session.remembered === true,
        emailForm: takeForm(socket, "email_form", filledForm({ email })),
        passwordForm: takeForm(socket, "password_form"),
        triggerAction: false,
      });
    },
    handleEvent: {
      validate_email: liveEvent(fieldsSchema, ({ payload: { user: params }, socket }) => {
        const errors = accounts.changeUserEmail(socket.assigns.currentUser, params);
        socket.assign({ emailForm: changedForm(params, errors) });
      }),
      async update_email({ payload, socket }) {
        const { user: params, current_password: currentPassword } = toFields(payload);
        const { currentUser, address } = socket.assigns;
        const asked = await actions.requestEmailChange(
          currentUser,
          currentPassword,
          params,
          address,
        );
        socket.clearFlash();
        if (asked.ok) socket.putFlash("info", asked.info);
        socket.assign({
          emailForm: asked.ok ? changedForm(params, {}) : refusedForm(params, asked),
        });
      },
      validate_password: liveEvent(fieldsSchema, ({ payload: { user: params }, socket }) => {
        socket.assign({ passwordForm: changedForm(params, accounts.changeUserPassword(params)) });
      }),
      async update_password({ payload, socket }) {
        const { user: params, current_password: currentPassword } = toFields(payload);
        const { currentUser, address } = socket.assigns;
        const changed = await actions.changePassword(currentUser, currentPassword, params, address);
        socket.assign(
          changed.ok
            ? { currentUser: changed.user, passwordForm: untouchedForm, triggerAction: true }
            : { passwordForm: refusedForm(params, changed) },
        );
      },
    },
    render: (assigns) => html`
      <h1>Settings</h1>
      ${renderEmailForm(assigns.emailForm, assigns.csrfToken)}
      ${renderPasswordForm(assigns)}
      ${renderSessions(assigns.csrfToken)}`,
  });

function renderEmailForm(form: Form, csrfToken: string): TemplateResult {
  const formId = "email_form";
  return html`
    <form
      id=${formId}
      class="card"
      aria-labelledby="email_form_heading"
      action="/users/settings?_action=update_email"
      method="post"
      novalidate
      live-change="validate_email"
      live-submit="update_email"
    >
      <h2 id="email_form_heading">Change Email</h2>
      ${csrfField(csrfToken)} ${formError(form)}
      ${field({ form, formId, key: "email", label: "Email", type: "email", autocomplete: "email" })}
      ${currentPassword(form, formId)}
      <p class="actions"><button live-disable-with="Changing...">Change Email</button></p>
    </form>`;
}

/** Renders the password form. The view changes the password, then the form is posted to log in with it. */
function renderPasswordForm({
  passwordForm: form,
  currentUser: { email },
  remembered,
  triggerAction,
  csrfToken,
}: PasswordFormAssigns): TemplateResult {
  const formId = "password_form";
  return html`
    <form
      id=${formId}
      class="card"
      aria-labelledby="password_form_heading"
      action="/users/log_in?_action=password_updated"
      method="post"
      novalidate
      live-change="validate_password"
      live-submit="update_password"
      ?live-trigger-action=${triggerAction}
    >
      <h2 id="password_form_heading">Change Password</h2>
      ${csrfField(csrfToken)} ${usernameField(email)} ${formError(form)}
      ${remembered ? html`<input type="hidden" name="user[remember_me]" value="true">` : null}
      ${field({ form, formId, key: "password", label: "New password", type: "password", autocomplete: "new-password" })}
      ${field({ form, formId, key: "password_confirmation", label: "Confirm new password", type: "password", autocomplete: "new-password" })}
      ${showPasswords(formId)} ${currentPassword(form, formId)}
      <p class="actions">
        <button formaction="/users/settings?_action=update_password" live-disable-with="Changing...">
          Change Password
        </button>
      </p>
    </form>`;
}

/**
 * Renders the button and the dialog to log out everywhere. The script `dialogs.js` opens it as a modal dialog. Without
 * JavaScript it is a popover, and in browsers without popovers a part of the page.
 */
function renderSessions(csrfToken: string): TemplateResult {
  return html`
    <section class="card" aria-labelledby="sessions_heading">
      <h2 id="sessions_heading">Sessions</h2>
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

function currentPassword(form: Form, formId: string): TemplateResult {
  return field({
    form,
    formId,
    key: "current_password",
    label: "Current password",
    type: "password",
    autocomplete: "current-password",
    name: "current_password",
  });
}
