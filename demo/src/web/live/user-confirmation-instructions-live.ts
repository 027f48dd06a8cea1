import { liveView } from "@live-session/adapter-koa";
import { html } from "lit";
import type { User } from "../../accounts/users/user.js";
import { toFields } from "../../fields.js";
import { csrfField, field, formError } from "../forms/field.js";
import type { Form } from "../forms/form.js";
import { takeForm } from "../forms/kept-form.js";
import { type Client, clientFrom } from "../session/client.js";
import type { UserActions } from "../user-actions.js";
import { userLinks } from "./user-links.js";

const formId = "resend_confirmation_form";

/** The page to request the confirmation mail again. Its answer does not reveal who is registered. */
export const userConfirmationInstructionsLive = (actions: UserActions) =>
  liveView("UserConfirmationInstructionsLive", {
    types: {} as { needs: { currentUser: User | null }; own: { client: Client; form: Form } },
    mount({ session, socket }) {
      socket.pageTitle = "Resend confirmation instructions";
      socket.assign({ client: clientFrom(session), form: takeForm(socket, formId) });
    },
    handleEvent: {
      async send_instructions({ payload, socket }) {
        const asked = await actions.requestConfirmation(
          toFields(payload).user,
          socket.assigns.client,
        );
        if (!asked.ok) return socket.putFlash("error", asked.message);
        socket.putFlash("info", asked.info);
        socket.redirect("/");
      },
    },
    render: ({ currentUser, form, csrfToken }) => html`
      <div class="narrow">
        <h1>Resend confirmation instructions</h1>
        <form id=${formId} class="card" action="/users/confirm" method="post" live-submit="send_instructions">
          ${csrfField(csrfToken)} ${formError(form)}
          ${field({ form, formId, key: "email", label: "Email", type: "email", autocomplete: "username" })}
          <p class="actions"><button live-disable-with="Sending...">Resend confirmation instructions</button></p>
        </form>
        ${currentUser ? null : userLinks}
      </div>`,
  });
