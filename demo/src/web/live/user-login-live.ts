import { liveView } from "@live-session/adapter-koa";
import { html, type TemplateResult } from "lit";
import { csrfField, field } from "../forms/field.js";
import { type Form, filledForm } from "../forms/form.js";
import { rememberMe } from "../forms/remember-me.js";

const formId = "login_form";
const mailFormId = "login_mail_form";

/** Whether the form that requests a mail comes before the password. */
const mailFirst = false;

/** The login page. Its forms are plain posts, which can set the session cookie. */
export const userLoginLive = liveView("UserLoginLive", {
  types: {} as { own: { form: Form; returnTo: string | undefined; remembered: boolean } },
  // They come from the flash, which is empty when the view is mounted again.
  keep: ["form", "returnTo", "remembered"],
  mount({ kept, socket }) {
    socket.pageTitle = "Log in";
    const { email = "", return_to: returnTo, remember_me: remembered } = socket.assigns.flash;
    const form = filledForm({ email });
    socket.assign({ form, returnTo, remembered: remembered === "true", ...kept });
  },
  render: ({ form, returnTo, remembered, csrfToken }) => {
    const hidden = html`${csrfField(csrfToken)}
      ${returnTo === undefined ? null : html`<input type="hidden" name="return_to" value=${returnTo}>`}`;
    return html`<div class="narrow">
      <h1>Log in</h1>
      <p>Don't have an account? <a href="/users/register" live-navigate>Register</a></p>
      ${mailFirst ? mailForm(form, hidden) : null}
      <form id=${formId} class="card" action="/users/log_in" method="post">
        ${hidden} ${emailField(form, formId)}
        ${field({ form, formId, key: "password", label: "Password", type: "password", autocomplete: "current-password" })}
        ${rememberMe(remembered)}
        <p class="actions">
          <button live-disable-with="Logging in...">Log in <span aria-hidden="true">→</span></button>
          <a href="/users/reset_password">Forgot your password?</a>
        </p>
      </form>
      ${mailFirst ? null : html`<div class="card">${byMail}</div>`}
    </div>`;
  },
});

const emailField = (form: Form, formId: string) =>
  field({ form, formId, key: "email", label: "Email", type: "email", autocomplete: "username" });

/** The form that requests a mail. It is a form of its own, so that Enter in the field of the password submits the password. */
const mailForm = (form: Form, hidden: TemplateResult) => html`
  <form id=${mailFormId} class="card" action="/users/log_in/mail" method="post">
    ${hidden} ${emailField(form, mailFormId)} ${byMail}
  </form>`;

/** The button that posts the address of a form to request a mail. */
const byMail = html`
  <p>No password at hand? We'll send a link and a code to your email address.</p>
  <p class="actions">
    <button class="secondary" form=${mailFirst ? mailFormId : formId} formaction="/users/log_in/mail" formnovalidate>Send me an email</button>
    <a href="/users/log_in/mail" live-navigate>Enter a code</a>
  </p>`;
