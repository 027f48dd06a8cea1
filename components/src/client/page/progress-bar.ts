import { ownMember } from "./own-member.js";

const defaultDelayMs = 200;

/**
 * Shows a bar at the top of the page while the page waits for the server. It appears after the milliseconds in the
 * attribute `progress-delay` of the live session or an ancestor, and never if the value is not a number.
 *
 * Screen readers do not announce the bar; the announcer announces the new page.
 */
export class ProgressBar {
  readonly #owner: Element;
  readonly #bar = document.createElement("div");
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(owner: Element) {
    this.#owner = owner;
    this.#bar.className = "live-progress";
    this.#bar.style.cssText =
      "position:fixed;inset:0 0 auto;z-index:9999;height:var(--live-progress-height,3px);" +
      "background:var(--live-progress-color,#0b6bcb);transform-origin:0 0";
  }

  show(): void {
    const delay =
      this.#owner.closest("[progress-delay]")?.getAttribute("progress-delay") ?? defaultDelayMs;
    if (Number(delay) >= 0) this.#timer = setTimeout(() => this.#draw(), Number(delay));
  }

  hide(): void {
    clearTimeout(this.#timer);
    this.#bar.remove();
  }

  #draw(): void {
    ownMember(document, "body").append(this.#bar);
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    // Stops short of the full width, because only `hide` ends the wait.
    this.#bar.animate([{ transform: "scaleX(0)" }, { transform: "scaleX(.95)" }], {
      duration: 20_000,
      easing: "cubic-bezier(0,.7,.2,1)",
      fill: "both",
    });
  }
}
