// Must be imported before Lit: it adds hydration to Lit's elements.
import "@lit-labs/ssr-client/lit-element-hydrate-support.js";
import { html, LitElement, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { define } from "./define.js";
import { lightNavStyles } from "./light-nav-styles.js";
import { LiveSessionController } from "./live-session-controller.js";
import { scriptScheme } from "./protocol/script-url.js";

/** The target of an item of a `<light-nav>`: in the live session, in the view, or any page. */
export type LightNavTarget =
  | { readonly navigate: string }
  | { readonly patch: string }
  | { readonly href: string; readonly method?: "get" | "post" | "put" | "patch" | "delete" };

/** An item of a `<light-nav>`. With a `method` other than `get` it is a form that posts. */
export type LightNavItem = { readonly id: string; readonly label: string } & LightNavTarget;

/**
 * Shows a navigation and marks the item of the current page: the item named by `active`, otherwise by the `activeNav`
 * that the view provides.
 *
 * The items are data, or links of the page with a `data-id` (or `id`). If they are data, the server's HTML contains the
 * items with the active one marked, so they work without JavaScript.
 *
 * @example
 * ```html
 * <light-nav
 *   active="mount_a"
 *   items='[{"id":"mount_a","label":"Mount A","navigate":"/mount-a"},
 *           {"id":"logout","label":"Log out","href":"/users/log_out","method":"delete"}]'
 * ></light-nav>
 *
 * <light-nav><a data-id="docs" href="/docs">Docs</a></light-nav>
 * ```
 *
 * @slot - Links with a `data-id` or `id`. The element marks the active one in the browser.
 * @csspart nav - The navigation landmark.
 * @csspart list - The list of the items that are data.
 * @csspart item - A link or button.
 * @csspart current - The active item.
 * @cssprop [--light-nav-gap=0.25rem 1rem] - The space between items.
 * @cssprop [--light-nav-color=inherit] - The text of an item.
 * @cssprop [--light-nav-active-color=inherit] - The text of the active or hovered item.
 * @cssprop [--light-nav-active-weight=600] - The font weight of the active item.
 * @cssprop [--light-nav-accent-color=currentColor] - The line under the active item, and the focus ring.
 */
export class LightNavElement extends LitElement {
  static override styles = lightNavStyles;
  static override properties: PropertyDeclarations = {
    items: { type: Array },
    active: {},
    label: {},
    csrfToken: { attribute: "csrf-token" },
  };

  /** The items. The attribute contains JSON. */
  declare items?: readonly LightNavItem[] | null;
  /** The id of the active item. If it is not set, the provided `activeNav` is used. */
  declare active?: string | null;
  /** The accessible name of the navigation. Needed if a page has more than one. */
  declare label?: string | null;
  /** The CSRF token of the forms. If it is not set, the token of the live session is used. */
  declare csrfToken?: string | null;

  readonly #live = new LiveSessionController(this);

  override render(): TemplateResult {
    const active = this.#activeId;
    return html`<nav part="nav" aria-label=${this.label || nothing}>
      ${
        this.items?.length
          ? html`<ul part="list">
            ${this.items.map((item) => html`<li>${this.#renderItem(item, item.id === active)}</li>`)}
          </ul>`
          : nothing
      }
      <slot @slotchange=${this.#markChildren}></slot>
    </nav>`;
  }

  protected override updated(): void {
    this.#markChildren();
    // The server renders the default prefix, because only the page knows its own.
    const { bindingPrefix = "live-" } = this.#live.handle ?? {};
    for (const link of this.renderRoot.querySelectorAll("a")) {
      for (const kind of ["navigate", "patch"]) {
        link.toggleAttribute(bindingPrefix + kind, link.hasAttribute(`live-${kind}`));
      }
    }
  }

  /** The id of the active item; `undefined` until it is known. */
  get #activeId(): unknown {
    return this.active || this.#live.mountData?.activeNav;
  }

  #renderItem(item: LightNavItem, active: boolean): TemplateResult {
    if ("method" in item && item.method && item.method !== "get") {
      return html`<form method="post" action=${safeUrl(item.href)}>
        <input type="hidden" name="_method" value=${item.method} />
        <input type="hidden" name="_csrf_token" value=${this.csrfToken || this.#live.handle?.csrfToken || ""} />
        <button part="item">${item.label}</button>
      </form>`;
    }
    const navigates = "navigate" in item;
    const patches = "patch" in item;
    return html`<a
      part=${active ? "item current" : "item"}
      href=${safeUrl(navigates ? item.navigate : patches ? item.patch : item.href)}
      ?live-navigate=${navigates}
      ?live-patch=${patches}
      aria-current=${active ? "page" : nothing}
      >${item.label}</a
    >`;
  }

  #markChildren(): void {
    const active = this.#activeId;
    // Keeps the page's own `aria-current` until the active item is known.
    if (active === undefined) return;
    for (const child of this.querySelectorAll<HTMLElement>(":scope > a")) {
      if ((child.dataset.id ?? child.id) === active) child.setAttribute("aria-current", "page");
      else child.removeAttribute("aria-current");
    }
  }
}

/** Leaves out a URL that would run script: items often come from data. */
const safeUrl = (url: string): string | typeof nothing =>
  scriptScheme(url) === undefined ? url : nothing;

define("light-nav", LightNavElement);

declare global {
  interface HTMLElementTagNameMap {
    "light-nav": LightNavElement;
  }
}
