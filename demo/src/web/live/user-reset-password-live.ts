import { liveView } from "@live-session/adapter-koa";
import { html } from "lit";
import type { Accounts } from "../../accounts/accounts.js";
import { toFields } from "../../fields.js";
import { csrfField, field, formError } from "../forms/field.js";
import { changedForm, type Form, refusedForm } from "../forms/form.js";
import { takeForm } from "../forms/kept-form.js";
import { showPasswords } from "../forms/show-passwords.js";
import { usernameField } from "../forms/username-field.js";
import type { UserActions } from "../user-actions.js";
import { userLinks } from "./user-links.js";

const formId = "reset_password_form";
const INVALID_LINK = "Reset password link is invalid or it has expired.";

/** The page of a password reset link. It does not log in: other people may have read the mail. */
export const userResetPasswordLive = (accounts: Accounts, actions: UserActions) =>
  liveView("UserResetPasswordLive", {
    types: {} as { own: { token: unknown; email: string; form: Form } },
    async mount({ params: { token }, socket }) {
      socket.pageTitle = "Reset Password";
      const user = await accounts.userByResetPasswordToken(token);
      socket.assign({ token, email: user?.email ?? "", form: takeForm(socket, formId) });
      if (user) return;
      socket.putFlash("error", INVALID_LINK);
      socket.redirect("/");
    },
    handleEvent: {
      validate({ payload, socket }) {
        const { user: params } = toFields(payload);
        socket.assign({ form: changedForm(params, accounts.changeUserPassword(params)) });
      },
      async reset_password({ payload, socket }) {
        const { user: params } = toFields(payload);
        const reset = await actions.resetPassword(socket.assigns.token, params);
        if (reset && !reset.ok) return socket.assign({ form: refusedForm(params, reset) });
        socket.putFlash(reset ? "info" : "error", reset ? reset.info : INVALID_LINK);
        socket.redirect(reset ? "/users/log_in" : "/");
      },
    },
    render: ({ email, form, csrfToken }) => html`
      <div class="narrow">
        <h1>Reset Password</h1>
        <form
          id=${formId}
          class="card"
          method="post"
          novalidate
          live-change="validate"
          live-submit="reset_password"
        >
          ${csrfField(csrfToken)} ${usernameField(email)} ${formError(form)}
          ${field({ form, formId, key: "password", label: "New password", type: "password", autocomplete: "new-password" })}
          ${field({ form, formId, key: "password_confirmation", label: "Confirm new password", type: "password", autocomplete: "new-password" })}
          ${showPasswords(formId)}
          <p class="actions"><button live-disable-with="Resetting...">Reset Password</button></p>
        </form>
        ${userLinks}
      </div>`,
  });
