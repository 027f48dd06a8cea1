import { ownMember } from "./own-member.js";
/**
 * Announces the title of the page to screen readers after a navigation, as browsers do after a page load. It uses an
 * element of its own at the end of the document, which stays when views change.
 */
export class Announcer {
  readonly #region = document.createElement("div");
  #title = ownMember(document, "title");

  constructor() {
    this.#region.className = "live-announcer";
    this.#region.setAttribute("role", "status");
    this.#region.style.cssText =
      "position:fixed;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)";
    ownMember(document, "body").append(this.#region);
  }

  /** Clears the region before a new page is shown, so that the same title is announced again. */
  clear(): void {
    this.#title = this.#region.textContent = "";
  }

  /** Announces the title if it has changed since the last announcement. */
  announce(): void {
    const title = ownMember(document, "title");
    if (title !== this.#title) this.#title = this.#region.textContent = title;
  }

  close(): void {
    this.#region.remove();
  }
}
