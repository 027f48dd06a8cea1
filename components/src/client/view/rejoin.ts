import type { JoinReply } from "../../protocol/index.js";
import type { LazyInput } from "../bindings/lazy-input.js";
import { drawInert } from "../rendering/hydrate.js";
import type { Content } from "./content.js";

/** The view that is joined again. */
interface RejoinedView {
  /** Calls a function that may throw. */
  guard(apply: () => void): boolean;
  /** The number of live navigations so far. */
  readonly navigations: number;
}

/**
 * Shows a view that was joined again. It delays the view until the view has been sent the contents of its forms, so that
 * the user's input does not disappear.
 */
export class Rejoin {
  readonly #view: RejoinedView;
  readonly #content: Content;
  readonly #input: LazyInput;
  /** The join whose view is delayed. */
  #reply: JoinReply | undefined;
  #maySendForms = true;

  constructor(view: RejoinedView, content: Content, input: LazyInput) {
    this.#view = view;
    this.#content = content;
    this.#input = input;
  }

  /**
   * Shows a joined view: at once if the view is new in the page (without a `container`) or the page has no forms,
   * otherwise when the view has answered the events with the contents of its forms.
   */
  mount(reply: JoinReply, container: HTMLElement | undefined): void {
    const loaded = container && this.#input.loading;
    this.cancel();
    this.#content.mount(reply, !!loaded);
    if (!loaded) {
      // The page may show what the browser has restored, or what was typed before the join.
      if (!this.#view.navigations) void this.#input.loading?.then((input) => input?.sendRestored());
      this.#input.update();
      return;
    }
    const maySendForms = this.#maySendForms;
    this.#maySendForms = true;
    this.#reply = reply;
    void loaded.then(async (input) => {
      // Stops if there was a later join.
      const isCurrent = (): boolean => this.#reply === reply;
      const show =
        isCurrent() && (await input?.recover(container, drawInert(reply.rendered), maySendForms));
      if (!isCurrent()) return;
      this.#reply = undefined;
      const release = (): void => this.#content.release();
      this.#view.guard(() => (show ? show(release) : release()));
      this.#input.update();
    });
  }

  /**
   * Forgets the delayed view, because the view is gone or another one replaces it. After a crash the next join does not
   * send the forms: their contents may have caused the crash.
   */
  cancel(hasCrashed = false): void {
    if (hasCrashed && this.#reply) this.#maySendForms = false;
    this.#reply = undefined;
  }
}
