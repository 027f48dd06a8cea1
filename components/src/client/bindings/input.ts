import { setMainScript } from "../forms/bound-control.js";
import { disable, setNodeChanger } from "../forms/disable.js";
import { FormBindings } from "../forms/form-bindings.js";
import { keepState } from "../forms/keep-state.js";
import { inputKeeper } from "../forms/keeper.js";
import { expectAnswer, isRendering } from "../forms/locks.js";
import type { Uploads } from "../uploads/uploads.js";
import type { Binder } from "./binder.js";
import { ClickAway } from "./click-away.js";
import { Delays } from "./delays.js";
import { bindKeys } from "./key-bindings.js";
import type { InputTools } from "./lazy-input.js";
import { Viewport } from "./viewport.js";

/**
 * Handles the bindings other than `live-click`: forms, keys, the focus, delays, clicks elsewhere and scrolling. Loaded
 * when a page needs it.
 */
export class Input {
  readonly delays: Delays;
  readonly #binder: Binder;
  readonly #forms: FormBindings;
  readonly #handleKeys: (e: Event, path: readonly HTMLElement[]) => void;
  readonly #clickAway: ClickAway;
  readonly #viewport: Viewport;

  constructor(binder: Binder, { setInputKeeper, changes, ...mainScript }: InputTools) {
    this.#binder = binder;
    setMainScript(mainScript);
    setNodeChanger((element, change) => {
      const found = changes.get(element.closest("live-session") as HTMLElement);
      if (found) found.allow(change);
      else change();
    });
    setInputKeeper({ ...inputKeeper, keepState });
    this.delays = new Delays(binder.name(""));
    this.#forms = new FormBindings(binder, this.delays, mainScript.edited);
    this.#handleKeys = bindKeys(binder, this.delays);
    this.#clickAway = new ClickAway(binder);
    this.#viewport = new Viewport(binder);
    if (binder.all("upload").length > 0) void this.#uploads();
  }

  /** Handles a DOM event. `path` contains the elements of this live session that it passed, innermost first. */
  handle(e: Event, path: readonly HTMLElement[]): void {
    // A render that removes the focused element causes `focusout` too, but the user has not left it.
    if (e.type === "focusout" && isRendering()) return;
    if (e.type === "change") this.#handleFiles(path[0] as HTMLInputElement);
    this.#forms.handle(e, path);
    this.#handleKeys(e, path);
    this.#clickAway.handle(e);
    this.#viewport.handle(e);
  }

  /** Adds the files that the user has chosen in an input with `live-upload`. */
  async #handleFiles(input: HTMLInputElement): Promise<void> {
    const upload = input && this.#binder.attribute(input, "upload");
    if (!upload || !input.files) return;
    const files = [...input.files];
    (await this.#uploads()).add(upload, files, input.form, input);
  }

  async #uploads(): Promise<Uploads> {
    const { uploadsOf } = await import("../uploads/uploads.js");
    return uploadsOf(this.#binder.element);
  }

  /** Disables an element with `live-disable-with` whose event is sent. Returns a function that enables it again. */
  disable(element: HTMLElement): (() => void) | undefined {
    const label = this.#binder.attribute(element, "disable-with");
    return label === null ? undefined : disable(element, label);
  }

  /** Called before the page shows the answer to an event that does not come from a form. */
  expectAnswer(): void {
    expectAnswer();
  }

  /** Sends what the browser has restored in a form, or the user has typed, before the view was joined. */
  sendRestored(): void {
    // In a microtask, after the events that were waiting for this module.
    queueMicrotask(() => this.#forms.sendRestored());
  }

  /** Sends a form to its action by a page load. */
  send(form: HTMLFormElement): void {
    this.#forms.send(form);
  }

  /**
   * Restores the contents of forms in a view that has been joined again and does not know them.
   *
   * @param fresh the view as the server has rendered it
   * @param maySend whether to send the contents to the view, rather than only show them
   * @returns when the view has answered: a function that shows the view by calling the given `render`
   */
  async recover(
    container: HTMLElement,
    fresh: ParentNode,
    maySend: boolean,
  ): Promise<(render: () => void) => void> {
    const recovery = this.#forms.recover(container, fresh, maySend);
    await recovery.answered;
    return (render) => recovery.show(render);
  }
}
