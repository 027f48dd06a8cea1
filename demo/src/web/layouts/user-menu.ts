import type { LightNavItem } from "@live-session/components";
import { html, type TemplateResult } from "lit";
import type { User } from "../../accounts/users/user.js";

const forVisitors: readonly LightNavItem[] = [
  { id: "register", label: "Register", navigate: "/users/register" },
  { id: "login", label: "Log in", navigate: "/users/log_in" },
];

const forUsers: readonly LightNavItem[] = [
  { id: "settings", label: "Settings", navigate: "/users/settings" },
  { id: "logout", label: "Log out", href: "/users/log_out", method: "delete" },
];

/** The data that the menu shows. */
export interface UserMenu {
  /** The logged-in user. The hooks of some live sessions assign none. */
  readonly currentUser: User | null | undefined;
  /** The id of the current item. */
  readonly activeNav: string | null;
  /** The CSRF token, which logging out needs. */
  readonly csrfToken: string;
}

/** Renders the menu of the logged-in user, or of a visitor. */
export function userMenu({ currentUser, activeNav, csrfToken }: UserMenu): TemplateResult {
  return html`<div class="account">
    ${currentUser ? html`<span class="email">${currentUser.email}</span>` : null}
    <light-nav
      label="Account"
      .items=${currentUser ? forUsers : forVisitors}
      .active=${activeNav}
      .csrfToken=${csrfToken}
    ></light-nav>
  </div>`;
}
