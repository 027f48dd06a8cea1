/** The time that the browser has to leave the page after a link, a form or a redirect. */
const leavingMs = 10_000;

/**
 * Knows whether the browser is about to load another page. Until the page is really left, its views stay joined: the
 * other page may be a download, or the user may decide to stay. But they start no page load of their own: a logout
 * closes the connection before its response arrives, and a reload would cancel the logout.
 */
export class Leaving {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #waiting: (() => void)[] = [];

  get isActive(): boolean {
    return this.#timer !== undefined;
  }

  start(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.stop(), leavingMs);
  }

  /** Called when the page stays. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const act of this.#waiting.splice(0)) act();
  }

  /** Calls a function when the page has stayed after all. Returns false if the browser is not leaving. */
  postpone(act: () => void): boolean {
    if (this.isActive) this.#waiting.push(act);
    return this.isActive;
  }
}
