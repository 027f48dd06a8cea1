/**
 * Tells screen readers the title of the page that a navigation leads to, as browsers do when they load
 * one. It is an element of its own at the end of the document, so that it stays when views come and go.
 */
export class Announcer {
  readonly #region = document.createElement("div");
  #title = document.title;

  constructor() {
    this.#region.className = "live-announcer";
    this.#region.setAttribute("role", "status");
    this.#region.style.cssText =
      "position:fixed;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)";
    document.body.append(this.#region);
  }

  /** Another page is coming; the same title is to be heard again. */
  clear(): void {
    this.#title = this.#region.textContent = "";
  }

  /** Tells the title if it is not the one told last. */
  announce(): void {
    const { title } = document;
    if (title !== this.#title) this.#title = this.#region.textContent = title;
  }

  close(): void {
    this.#region.remove();
  }
}
