import { liveView } from "@live-session/adapter-koa";
import { html } from "lit";
import { csrfField, field } from "../forms/field.js";
import { type Form, filledForm } from "../forms/form.js";

const formId = "login_form";

/** The login page. Its form is a plain post, which can set the session cookie. */
export const userLoginLive = liveView("UserLoginLive", {
  types: {} as { own: { form: Form; returnTo: string | undefined; rememberMe: boolean } },
  // The flash, from which they are read, is there only once.
  keep: ["form", "returnTo", "rememberMe"],
  mount({ kept, socket }) {
    socket.pageTitle = "Log in";
    const { email = "", return_to: returnTo, remember_me: remembered } = socket.assigns.flash;
    const form = filledForm({ email });
    socket.assign({ form, returnTo, rememberMe: remembered === "true", ...kept });
  },
  render: ({ form, returnTo, rememberMe, csrfToken }) => html`
    <div class="narrow">
      <h1>Log in</h1>
      <p>Don't have an account? <a href="/users/register" live-navigate>Register</a></p>
      <form id=${formId} class="card" action="/users/log_in" method="post">
        ${csrfField(csrfToken)}
        ${returnTo === undefined ? null : html`<input type="hidden" name="return_to" value=${returnTo}>`}
        ${field({ form, formId, key: "email", label: "Email", type: "email", autocomplete: "username" })}
        ${field({ form, formId, key: "password", label: "Password", type: "password", autocomplete: "current-password" })}
        <label class="checkbox">
          <input type="checkbox" name="user[remember_me]" value="true" ?checked=${rememberMe}> Keep me logged in
        </label>
        <p class="actions">
          <button live-disable-with="Logging in...">Log in <span aria-hidden="true">→</span></button>
          <a href="/users/reset_password">Forgot your password?</a>
        </p>
      </form>
    </div>`,
});
