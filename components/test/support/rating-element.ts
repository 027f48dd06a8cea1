/** A custom element that takes part in forms. */
export class RatingElement extends HTMLElement {
  static readonly formAssociated = true;
  readonly #internals = this.attachInternals();
  #value = "";

  get name(): string | null {
    return this.getAttribute("name");
  }

  get value(): string {
    return this.#value;
  }

  set value(value: string) {
    this.#value = value;
    this.#internals.setFormValue(value);
  }

  /** Rates like a user. */
  rate(value: string): void {
    this.value = value;
    this.dispatchEvent(new Event("input", { bubbles: true }));
  }
}
customElements.define("test-rating", RatingElement);
