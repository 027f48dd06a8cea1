import { html } from "lit";

/** The links below forms for visitors who are not logged in. */
export const userLinks = html`<ul class="links">
  <li><a href="/users/register">Register</a></li>
  <li><a href="/users/log_in">Log in</a></li>
</ul>`;
