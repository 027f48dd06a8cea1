import { liveView } from "@live-session/adapter-koa";
import { html } from "lit";
import { csrfField, field, formError } from "../forms/field.js";
import type { Form } from "../forms/form.js";
import { takeForm } from "../forms/kept-form.js";
import { rememberMe } from "../forms/remember-me.js";

const formId = "login_code_form";

/** The page to enter the code of a login mail, possibly on a device that did not request it. Its form is a plain post. */
export const userLoginCodeLive = liveView("UserLoginCodeLive", {
  types: {} as { own: { form: Form } },
  // It comes from the flash, which is empty when the view is mounted again.
  keep: ["form"],
  mount({ kept, socket }) {
    socket.pageTitle = "Check your email";
    socket.assign({ form: takeForm(socket, formId), ...kept });
  },
  render: ({ form, csrfToken }) => html`
    <div class="narrow">
      <h1>Check your email</h1>
      <p>Open the link in the email, or enter the code from it here. Both are valid for 15 minutes.</p>
      <form id=${formId} class="card" action="/users/log_in/code" method="post">
        ${csrfField(csrfToken)} ${formError(form)}
        ${field({ form, formId, key: "email", label: "Email", type: "email", autocomplete: "username" })}
        ${field({ form, formId, key: "code", label: "Code", type: "text", autocomplete: "one-time-code", inputmode: "numeric" })}
        ${rememberMe()}
        <p class="actions"><button live-disable-with="Logging in...">Log in</button></p>
      </form>
      <ul class="links"><li><a href="/users/log_in" live-navigate>Send another email</a></li></ul>
    </div>`,
});
