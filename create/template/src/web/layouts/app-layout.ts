import type { LayoutAssigns, ProvidedData } from "@live-session/adapter-koa";
import type { nav } from "@live-session/adapter-koa/hooks";
import type { LightNavItem } from "@live-session/components";
import { html } from "lit";

const pages: readonly LightNavItem[] = [
  { id: "counter", label: "Counter", navigate: "/" },
  { id: "notifications", label: "Notifications", navigate: "/notifications" },
  { id: "status", label: "Status", navigate: "/status" },
];

/** The assigns that the layout shows. */
export interface AppLayoutNeeds {
  readonly activeNav: ProvidedData<typeof nav>["activeNav"];
}

/**
 * Renders the header with the menu, the page, its flash messages and its notifications. In narrow windows the
 * menu is a popover, which opens and closes without JavaScript. A live navigation closes it.
 */
export const appLayout = ({ activeNav, flash, content }: AppLayoutNeeds & LayoutAssigns) => html`
  <header class="site-header">
    <a class="skip-link" href="#main">Skip to content</a>
    <a class="brand" href="/" live-navigate>My app</a>
    <button class="menu-button secondary" type="button" popovertarget="menu">Menu</button>
    <div id="menu" class="menu" popover>
      <light-nav label="Pages" .items=${pages} .active=${activeNav}></light-nav>
    </div>
  </header>
  <live-flash .flash=${flash}></live-flash>
  <main id="main" tabindex="-1">${content}</main>
  <live-notifications></live-notifications>`;
