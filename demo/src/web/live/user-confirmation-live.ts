import { liveView } from "@live-session/adapter-koa";
import { html } from "lit";
import type { User } from "../../accounts/users/user.js";
import { csrfField } from "../forms/field.js";
import type { UserActions } from "../user-actions.js";
import { userLinks } from "./user-links.js";

/** The page of a confirmation link. It has a button, since mail programs open links too. */
export const userConfirmationLive = (actions: UserActions) =>
  liveView("UserConfirmationLive", {
    types: {} as { needs: { currentUser: User | null }; own: { token: unknown } },
    mount({ params: { token }, socket }) {
      socket.pageTitle = "Confirm Account";
      socket.assign({ token });
    },
    handleEvent: {
      async confirm_account({ socket }) {
        const { token, currentUser } = socket.assigns;
        const messages = await actions.confirm(token, currentUser);
        for (const [kind, message] of Object.entries(messages)) socket.putFlash(kind, message);
        socket.redirect("/");
      },
    },
    render: ({ currentUser, csrfToken }) => html`
      <div class="narrow">
        <h1>Confirm Account</h1>
        <form id="confirmation_form" class="card" method="post" live-submit="confirm_account">
          ${csrfField(csrfToken)}
          <p class="actions"><button live-disable-with="Confirming...">Confirm my account</button></p>
        </form>
        ${currentUser ? null : userLinks}
      </div>`,
  });
