import { liveView } from "@live-session/adapter-koa";
import { html } from "lit";
import type { Accounts } from "../../accounts/accounts.js";
import { csrfField } from "../forms/field.js";
import { rememberMe } from "../forms/remember-me.js";

const INVALID_LINK = "Log in link is invalid or it has expired.";

/** The page of a login link. It has a button, since mail programs open links too. Its form is a plain post. */
export const userMagicLinkLive = (accounts: Accounts) =>
  liveView("UserMagicLinkLive", {
    types: {} as { own: { email: string } },
    async mount({ params: { token }, socket }) {
      socket.pageTitle = "Log in";
      const user = await accounts.userByMagicLinkToken(token);
      socket.assign({ email: user?.email ?? "" });
      if (user) return;
      socket.putFlash("error", INVALID_LINK);
      socket.redirect("/users/log_in");
    },
    render: ({ email, csrfToken }) => html`
      <div class="narrow">
        <h1>Log in</h1>
        <form id="magic_link_form" class="card" method="post">
          ${csrfField(csrfToken)}
          <p>Log in as <strong>${email}</strong>?</p>
          ${rememberMe()}
          <p class="actions"><button live-disable-with="Logging in...">Log in</button></p>
        </form>
      </div>`,
  });
