import { liveView } from "@live-session/adapter-koa";
import { html } from "lit";
import type { Accounts } from "../../accounts/accounts.js";
import { toFields } from "../../fields.js";
import { csrfField, field, formError } from "../forms/field.js";
import { changedForm, type Form, filledForm, refusedForm } from "../forms/form.js";
import { takeForm } from "../forms/kept-form.js";
import { showPasswords } from "../forms/show-passwords.js";
import { type Client, clientFrom } from "../session/client.js";
import type { UserActions } from "../user-actions.js";

const formId = "registration_form";

/** The registration page. After a registration the form is posted to log in, which sets the session cookie. */
export const userRegistrationLive = (accounts: Accounts, actions: UserActions) =>
  liveView("UserRegistrationLive", {
    types: {} as { own: { client: Client; form: Form; triggerAction: boolean } },
    mount({ session, socket }) {
      socket.pageTitle = "Register";
      socket.assign({
        client: clientFrom(session),
        form: takeForm(socket, formId),
        triggerAction: false,
      });
    },
    handleEvent: {
      validate({ payload, socket }) {
        const { user: params } = toFields(payload);
        socket.assign({ form: changedForm(params, accounts.changeUserRegistration(params)) });
      },
      async save({ payload, socket }) {
        // The form has been submitted twice, and its post is on the way.
        if (socket.assigns.triggerAction) return;
        const { user: params } = toFields(payload);
        const registered = await actions.register(params, socket.assigns.client);
        if (registered.ok) {
          socket.assign({
            form: filledForm({ email: registered.user.email }),
            triggerAction: true,
          });
        } else {
          socket.assign({ form: refusedForm(params, registered) });
        }
      },
    },
    render: ({ form, triggerAction, csrfToken }) => html`
      <div class="narrow">
        <h1>Register</h1>
        <p>Already registered? <a href="/users/log_in" live-navigate>Log in</a></p>
        <form
          id=${formId}
          class="card"
          action="/users/log_in?_action=registered"
          method="post"
          novalidate
          live-change="validate"
          live-submit="save"
          ?live-trigger-action=${triggerAction}
        >
          ${csrfField(csrfToken)} ${formError(form)}
          ${field({ form, formId, key: "email", label: "Email", type: "email", autocomplete: "username" })}
          ${field({ form, formId, key: "password", label: "Password", type: "password", autocomplete: "new-password" })}
          ${showPasswords(formId)}
          <p class="actions">
            <button formaction="/users/register" live-disable-with="Creating account...">Create an account</button>
          </p>
        </form>
      </div>`,
  });
