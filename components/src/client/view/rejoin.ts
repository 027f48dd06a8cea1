import type { JoinReply } from "../../protocol/index.js";
import type { LazyInput } from "../bindings/lazy-input.js";
import { drawInert } from "../rendering/hydrate.js";
import type { Content } from "./content.js";

/** The view itself. */
interface JoinedView {
  /** Runs what may throw. */
  guard(apply: () => void): boolean;
}

/** What has come of a view that was joined again, held back until it knows again what its forms contain. */
export class Rejoin {
  readonly #view: JoinedView;
  readonly #content: Content;
  readonly #input: LazyInput;
  #reply: JoinReply | undefined;
  #mayTell = true;

  constructor(view: JoinedView, content: Content, input: LazyInput) {
    this.#view = view;
    this.#content = content;
    this.#input = input;
  }

  /**
   * Takes a view that was joined, and shows it: at once if it is new in the page (there is no `container` then) or
   * there are no forms, else when the view
   * has answered what it was told of them.
   */
  mount(reply: JoinReply, container: HTMLElement | undefined): void {
    const loaded = container && this.#input.loading;
    this.cancel();
    this.#content.mount(reply, !!loaded);
    if (!loaded) {
      this.#input.update();
      return;
    }
    const mayTell = this.#mayTell;
    this.#mayTell = true;
    this.#reply = reply;
    void loaded.then(async (input) => {
      // A later join brings its own.
      const isCurrent = (): boolean => this.#reply === reply;
      const show =
        isCurrent() && (await input?.recover(container, drawInert(reply.rendered), mayTell));
      if (!isCurrent()) return;
      this.#reply = undefined;
      const release = (): void => this.#content.release();
      this.#view.guard(() => (show ? show(release) : release()));
      this.#input.update();
    });
  }

  /** The view is gone, or another takes its place. What it was told of its forms may be what it crashed at. */
  cancel(hasCrashed = false): void {
    if (hasCrashed && this.#reply) this.#mayTell = false;
    this.#reply = undefined;
  }
}
