const defaultDelayMs = 200;

/**
 * A bar at the top of the page while something is being waited for, if that takes longer than the
 * milliseconds in `progress-delay` on the live session or around it; never, if those are no number.
 *
 * Screen readers do not hear of it: they are told what has come.
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
    document.body.append(this.#bar);
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    // It never gets to the end by itself.
    this.#bar.animate([{ transform: "scaleX(0)" }, { transform: "scaleX(.95)" }], {
      duration: 20_000,
      easing: "cubic-bezier(0,.7,.2,1)",
      fill: "both",
    });
  }
}
