import { liveView } from "@live-session/adapter-koa";
import { html } from "lit";
import { toFields } from "../../fields.js";
import { csrfField, field, formError } from "../forms/field.js";
import type { Form } from "../forms/form.js";
import { takeForm } from "../forms/kept-form.js";
import { type Client, clientFrom } from "../session/client.js";
import type { UserActions } from "../user-actions.js";
import { userLinks } from "./user-links.js";

const formId = "reset_password_form";

/** The page to request a password reset. Its answer does not reveal who is registered. */
export const userForgotPasswordLive = (actions: UserActions) =>
  liveView("UserForgotPasswordLive", {
    types: {} as { own: { client: Client; form: Form } },
    mount({ session, socket }) {
      socket.pageTitle = "Forgot your password?";
      socket.assign({ client: clientFrom(session), form: takeForm(socket, formId) });
    },
    handleEvent: {
      async send_email({ payload, socket }) {
        const asked = await actions.requestPasswordReset(
          toFields(payload).user,
          socket.assigns.client,
        );
        if (!asked.ok) return socket.putFlash("error", asked.message);
        socket.putFlash("info", asked.info);
        socket.redirect("/");
      },
    },
    render: ({ form, csrfToken }) => html`
      <div class="narrow">
        <h1>Forgot your password?</h1>
        <p>We'll send a password reset link to your inbox.</p>
        <form id=${formId} class="card" action="/users/reset_password" method="post" live-submit="send_email">
          ${csrfField(csrfToken)} ${formError(form)}
          ${field({ form, formId, key: "email", label: "Email", type: "email", autocomplete: "username" })}
          <p class="actions"><button live-disable-with="Sending...">Send password reset instructions</button></p>
        </form>
        ${userLinks}
      </div>`,
  });
