import { type ControlState, setState, stateOf } from "./control-state.js";
import { controlsOf, formOf, withKeys } from "./edits.js";
import type { FormControl } from "./form-control.js";
import { discardStale } from "./locks.js";

/**
 * Restores the user's input in a view that has been joined again and does not know the input. The page is not changed
 * until the view has answered the events for its forms, so that nothing flickers. Then the newest state is shown.
 */
export class Recovery {
  /** Settled when all answers have come or failed. */
  readonly answered: Promise<unknown>;
  readonly #container: HTMLElement;
  /** The controls of the view as the server rendered it when it was joined. */
  readonly #fresh: ReadonlyMap<string, FormControl>;
  readonly #answers: ReadonlyMap<Element, Promise<unknown>>;
  readonly #edited: WeakSet<object>;

  /**
   * @param fresh the view as the server rendered it when it was joined
   * @param answers for each form and field that was sent to the view
   * @param edited the controls that the user has changed
   */
  constructor(
    container: HTMLElement,
    fresh: ParentNode,
    answers: ReadonlyMap<Element, Promise<unknown>>,
    edited: WeakSet<object>,
  ) {
    this.#container = container;
    this.#fresh = new Map(withKeys(controlsOf(fresh)));
    this.#answers = answers;
    this.#edited = edited;
    this.answered = Promise.allSettled(answers.values());
  }

  /** Renders the view. The user's input stays, except where the view has answered with another content. */
  show(render: () => void): void {
    const isKept = (control: FormControl): boolean =>
      this.#edited.has(control) || control.matches(":focus");
    const kept = withKeys(controlsOf(this.#container))
      .filter(([, control]) => isKept(control))
      .map(([key, control]) => ({ control, key, state: stateOf(control) }));
    const focused = kept.find(({ control }) => control.matches(":focus"))?.control;
    render();
    const shown = new Map(withKeys(controlsOf(this.#container)));
    for (const { control, key, state } of kept) {
      const isStillThere = this.#container.contains(control);
      const same = isStillThere ? control : shown.get(key);
      if (!same) continue;
      const isChanged = this.#isChangedByView(same, key);
      if (isChanged && control !== focused) continue;
      setState(same, state);
      this.#edited.add(same);
      // The focused field still takes the view's answer when it loses the focus.
      if (!isChanged) discardStale(same);
      if (!isStillThere && control === focused) same.focus();
    }
  }

  /** Whether the view's answer has changed a control: it no longer has the content of the first render. */
  #isChangedByView(control: FormControl, key: string): boolean {
    const form = formOf(control);
    const first = this.#fresh.get(key);
    const isSent = this.#answers.has(control) || (!!form && this.#answers.has(form));
    if (!first || !isSent) return false;
    const serialize = (state: ControlState): string => JSON.stringify(state);
    return serialize(stateOf(control)) !== serialize(stateOf(first));
  }
}
