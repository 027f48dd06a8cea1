import { liveView } from "@live-session/adapter-koa";
import { html } from "lit";
import type { User } from "../../accounts/users/user.js";
import { csrfField } from "../forms/field.js";
import type { UserActions } from "../user-actions.js";

/** The page of a link that changes the e-mail address. It has a button, since mail programs open links too. */
export const userEmailChangeLive = (actions: UserActions) =>
  liveView("UserEmailChangeLive", {
    types: {} as { needs: { currentUser: User }; own: { token: unknown } },
    mount({ params: { token }, socket }) {
      socket.pageTitle = "Change Email";
      socket.assign({ token });
    },
    handleEvent: {
      async change_email({ socket }) {
        const { token, currentUser } = socket.assigns;
        const [kind, message] = await actions.changeEmail(currentUser, token);
        socket.putFlash(kind, message);
        socket.pushNavigate("/users/settings");
      },
    },
    render: ({ csrfToken }) => html`
      <div class="narrow">
        <h1>Change Email</h1>
        <form id="email_change_form" class="card" method="post" live-submit="change_email">
          ${csrfField(csrfToken)}
          <p>Your account will use the address that this link was sent to.</p>
          <p class="actions"><button live-disable-with="Changing...">Change my email</button></p>
        </form>
        <ul class="links"><li><a href="/users/settings" live-navigate>Settings</a></li></ul>
      </div>`,
  });
