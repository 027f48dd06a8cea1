import { disable } from "../forms/disable.js";
import { keepEdits } from "../forms/edits.js";
import { FormBindings } from "../forms/form-bindings.js";
import { isRendering, renderAround } from "../forms/locks.js";
import type { Binder } from "./binder.js";
import { ClickAway } from "./click-away.js";
import { Delays } from "./delays.js";
import { bindKeys } from "./key-bindings.js";
import type { InputTools } from "./lazy-input.js";
import { Viewport } from "./viewport.js";

/** What happens in a page beside clicks: in forms, with keys, the focus and the pointer, and in time. */
export class Input {
  readonly delays: Delays;
  readonly #binder: Binder;
  readonly #forms: FormBindings;
  readonly #handleKeys: (e: Event, path: readonly HTMLElement[]) => void;
  readonly #clickAway: ClickAway;
  readonly #viewport: Viewport;

  constructor(binder: Binder, tools: InputTools) {
    this.#binder = binder;
    tools.setInputKeeper({ renderAround, keepEdits });
    this.delays = new Delays(binder.name(""));
    this.#forms = new FormBindings(binder, this.delays, tools);
    this.#handleKeys = bindKeys(binder);
    this.#clickAway = new ClickAway(binder);
    this.#viewport = new Viewport(binder);
  }

  /** Acts on an event that went through elements of ours. */
  handle(e: Event, path: readonly HTMLElement[]): void {
    // The focus is lost with an element that is taken away, not left by the user.
    if (e.type === "focusout" && isRendering()) return;
    this.#forms.handle(e, path);
    this.#handleKeys(e, path);
    this.#clickAway.handle(e);
    this.#viewport.handle(e);
  }

  /** Disables an element that tells something, if it has a `live-disable-with`, until that is answered. */
  disable(element: HTMLElement): (() => void) | undefined {
    const text = element.getAttribute(this.#binder.name("disable-with"));
    return text === null ? undefined : disable(element, text);
  }

  /** Sends a form to its action by a page load. */
  send(form: HTMLFormElement): void {
    this.#forms.send(form);
  }

  /**
   * Brings back what a view knows nothing of that was joined again.
   *
   * @param fresh what the view has rendered
   * @param mayTell whether the view is to be told, not just shown, what its forms contain
   * @returns when it has answered: shows the view with a function that renders it
   */
  async recover(
    container: HTMLElement,
    fresh: ParentNode,
    mayTell: boolean,
  ): Promise<(render: () => void) => void> {
    const recovery = this.#forms.recover(container, fresh, mayTell);
    await recovery.answered;
    return (render) => recovery.show(render);
  }
}
