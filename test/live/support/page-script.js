/** A form-associated custom element with a control of its own in a shadow root. */
class NickElement extends HTMLElement {
  static formAssociated = true;
  static observedAttributes = ["value"];
  #internals = this.attachInternals();
  #input = document.createElement("input");

  constructor() {
    super();
    this.attachShadow({ mode: "open", delegatesFocus: true }).append(this.#input);
    this.#input.addEventListener("input", () => this.#internals.setFormValue(this.value));
  }

  attributeChangedCallback(_name, _before, value) {
    this.value = value ?? "";
  }

  get value() {
    return this.#input.value;
  }

  set value(value) {
    if (value !== this.#input.value) this.#input.value = value;
    this.#internals.setFormValue(value);
  }

  get name() {
    return this.getAttribute("name");
  }
}

customElements.define("x-nick", NickElement);

let clicks = 0;
document.addEventListener("DOMContentLoaded", () => {
  document.querySelector("live-session").metadata = { click: () => ({ click: ++clicks }) };
});
