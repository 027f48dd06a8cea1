import type { LayoutAssigns, ProvidedData } from "@live-session/adapter-koa";
import type { nav } from "@live-session/adapter-koa/hooks";
import type { LightNavItem } from "@live-session/components";
import { html } from "lit";
import type { User } from "../../accounts/users/user.js";
import { avatarPath } from "../../avatars/avatar-route.js";
import { describeVisitors, type VisitorsHere } from "../hooks/who-is-here.js";
import { userMenu } from "./user-menu.js";

const pages: readonly LightNavItem[] = [
  { id: "notification", label: "Notifications", navigate: "/notifications" },
  { id: "mount_a", label: "Mount A", navigate: "/mount-a" },
  { id: "mount_b", label: "Mount B", navigate: "/mount-b" },
  { id: "mount_c", label: "Mount C", navigate: "/mount-c" },
];

const avatarLink = html`<a class="avatar-link" href="/users/settings/avatar" live-navigate aria-label="Avatar">
  <img class="avatar" src=${avatarPath} alt="">
</a>`;

/** The assigns that the layout shows. The hooks of some live sessions assign no user. */
export interface AppLayoutNeeds {
  readonly currentUser?: User | null;
  readonly activeNav: ProvidedData<typeof nav>["activeNav"];
  /** The visitors of the page. The hooks of some live sessions do not list them. */
  readonly presence?: VisitorsHere;
}

/**
 * Renders the header with both menus, the page, its flash messages and its notifications. In narrow windows
 * the menus are a popover, which opens and closes without JavaScript. A live navigation closes it.
 */
export const appLayout = ({
  currentUser,
  activeNav,
  presence,
  flash,
  csrfToken,
  content,
}: AppLayoutNeeds & LayoutAssigns) => html`
  <header class="site-header">
    <a class="skip-link" href="#main">Skip to content</a>
    <a class="brand" href="/" live-navigate>Live sessions</a>
    <button class="menu-button secondary" type="button" popovertarget="menu">Menu</button>
    <div id="menu" class="menu" popover>
      <light-nav label="Pages" .items=${pages} .active=${activeNav}></light-nav>
      ${userMenu({ currentUser, activeNav, csrfToken })} ${currentUser ? avatarLink : null}
    </div>
  </header>
  <live-flash .flash=${flash}></live-flash>
  <main id="main" tabindex="-1">${content}</main>
  ${presence ? html`<footer class="who-is-here">On this page: ${describeVisitors(presence)}</footer>` : null}
  <live-notifications></live-notifications>`;
