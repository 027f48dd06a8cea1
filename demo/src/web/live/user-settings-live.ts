import { liveEvent, liveView, type Socket } from "@live-session/adapter-koa";
import { html, type TemplateResult } from "lit";
import { z } from "zod";
import type { Accounts } from "../../accounts/accounts.js";
import type { SessionEntry } from "../../accounts/sessions.js";
import type { User } from "../../accounts/users/user.js";
import { toFields } from "../../fields.js";
import { csrfField, field, formError } from "../forms/field.js";
import { changedForm, type Form, filledForm, refusedForm, untouchedForm } from "../forms/form.js";
import { takeForm } from "../forms/kept-form.js";
import { showPasswords } from "../forms/show-passwords.js";
import { usernameField } from "../forms/username-field.js";
import { type Client, clientFrom } from "../session/client.js";
import type { UserActions } from "../user-actions.js";
import {
  type SudoDialog,
  sudoDialog,
  sudoDialogId,
  sudoFieldWithoutScript,
} from "./settings/sudo-dialog.js";
import { userSessions } from "./settings/user-sessions.js";

interface Needs {
  readonly currentUser: User;
}

/** A change that waits until the user has proved to be the owner. */
interface Waiting extends SudoDialog {
  readonly change: Change;
  readonly params: unknown;
}

type Change = "email" | "password";

interface Own {
  readonly client: Client;
  readonly sessionToken: unknown;
  readonly remembered: boolean;
  readonly isSudoMode: boolean;
  readonly sessions: readonly SessionEntry[];
  readonly emailForm: Form;
  readonly passwordForm: Form;
  readonly triggerAction: boolean;
  readonly waiting: Waiting | null;
}

type Assigns = Needs & Own & { readonly csrfToken: string };
type SettingsSocket = Socket<Needs & Own>;

/** Checks only that a form was sent. The accounts validate each field, with messages for the user. */
const fieldsSchema = z.object({ user: z.looseObject({}) });

/** The page to change the e-mail address and the password, and to end sessions. */
export const userSettingsLive = (accounts: Accounts, actions: UserActions) => {
  const changes = changesOf(accounts, actions);
  return liveView("UserSettingsLive", {
    types: {} as { needs: Needs; own: Own },
    async mount({ session, socket }) {
      socket.pageTitle = "Settings";
      const { currentUser } = socket.assigns;
      const { user_token: sessionToken } = session;
      socket.assign({
        client: clientFrom(session),
        sessionToken,
        remembered: session.remembered === true,
        isSudoMode: await accounts.isSudoMode(sessionToken),
        sessions: await accounts.listUserSessions(currentUser, sessionToken),
        emailForm: takeForm(socket, "email_form", filledForm({ email: currentUser.email })),
        passwordForm: takeForm(socket, "password_form"),
        triggerAction: false,
        waiting: null,
      });
    },
    handleEvent: {
      validate_email: liveEvent(fieldsSchema, ({ payload: { user: params }, socket }) => {
        const errors = accounts.changeUserEmail(socket.assigns.currentUser, params);
        socket.assign({ emailForm: changedForm(params, errors) });
      }),
      async update_email({ payload, socket }) {
        await changes.request(socket, "email", toFields(payload).user);
      },
      validate_password: liveEvent(fieldsSchema, ({ payload: { user: params }, socket }) => {
        socket.assign({ passwordForm: changedForm(params, accounts.changeUserPassword(params)) });
      }),
      async update_password({ payload, socket }) {
        await changes.request(socket, "password", toFields(payload).user);
      },
      async confirm_sudo({ payload, socket }) {
        await changes.confirm(socket, payload);
      },
      async mail_sudo_code({ socket }) {
        await changes.mailCode(socket);
      },
      async end_session({ payload, socket }) {
        const { currentUser, sessionToken } = socket.assigns;
        await actions.endSession(currentUser, toFields(payload).id);
        socket.putFlash("info", "Session ended.");
        socket.assign({ sessions: await accounts.listUserSessions(currentUser, sessionToken) });
      },
    },
    render: (assigns) => html`
      <h1>Settings</h1>
      ${renderEmailForm(assigns)} ${renderPasswordForm(assigns)}
      ${userSessions(assigns.sessions, assigns.csrfToken)}
      ${assigns.waiting ? sudoDialog(assigns.waiting, assigns.currentUser.email) : null}`,
  });
};

/** Creates the changes of the page. They wait for the dialog if the user has not logged in shortly before. */
function changesOf(accounts: Accounts, actions: UserActions) {
  const save: Record<Change, (socket: SettingsSocket, params: unknown) => Promise<void>> = {
    async email(socket, params) {
      const { currentUser, client } = socket.assigns;
      const asked = await actions.requestEmailChange(currentUser, params, client);
      socket.clearFlash();
      if (asked.ok) socket.putFlash("info", asked.info);
      socket.assign({ emailForm: asked.ok ? changedForm(params, {}) : refusedForm(params, asked) });
    },
    async password(socket, params) {
      const changed = await actions.changePassword(socket.assigns.currentUser, params);
      socket.assign(
        changed.ok
          ? { currentUser: changed.user, passwordForm: untouchedForm, triggerAction: true }
          : { passwordForm: refusedForm(params, changed) },
      );
    },
  };
  return {
    async request(socket: SettingsSocket, change: Change, params: unknown): Promise<void> {
      if (await accounts.isSudoMode(socket.assigns.sessionToken))
        return save[change](socket, params);
      socket.assign({ waiting: { change, params, form: untouchedForm, isByCode: false } });
      socket.pushEvent("dialog:open", { id: sudoDialogId });
    },

    async confirm(socket: SettingsSocket, proof: unknown): Promise<void> {
      const { waiting, currentUser, sessionToken, client } = socket.assigns;
      if (!waiting) return;
      const sudo = await actions.ensureSudoMode(currentUser, sessionToken, proof, client);
      if (!sudo.ok) return socket.assign({ waiting: { ...waiting, form: refusedForm({}, sudo) } });
      socket.pushEvent("dialog:close", { id: sudoDialogId }, { dispatch: "before" });
      socket.assign({ waiting: null, isSudoMode: true });
      await save[waiting.change](socket, waiting.params);
    },

    async mailCode(socket: SettingsSocket): Promise<void> {
      const { waiting, currentUser, client } = socket.assigns;
      if (!waiting) return;
      const sent = await actions.requestMagicLink(currentUser, client);
      const form = sent.ok ? untouchedForm : refusedForm({}, sent);
      socket.assign({ waiting: { ...waiting, form, isByCode: sent.ok } });
    },
  };
}

function renderEmailForm({ emailForm: form, isSudoMode, csrfToken }: Assigns): TemplateResult {
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
      ${isSudoMode ? null : sudoFieldWithoutScript}
      <p class="actions"><button live-disable-with="Changing...">Change Email</button></p>
    </form>`;
}

/** Renders the password form. The view changes the password, then the form is posted to log in with it. */
function renderPasswordForm({
  passwordForm: form,
  currentUser: { email },
  remembered,
  isSudoMode,
  triggerAction,
  csrfToken,
}: Assigns): TemplateResult {
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
      ${showPasswords(formId)} ${isSudoMode ? null : sudoFieldWithoutScript}
      <p class="actions">
        <button formaction="/users/settings?_action=update_password" live-disable-with="Changing...">
          Change Password
        </button>
      </p>
    </form>`;
}
