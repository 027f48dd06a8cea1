import type { InputTools } from "../bindings/lazy-input.js";
import { type ControlState, setState, stateOf } from "./control-state.js";
import { controlsOf, formOf, keyOf } from "./edits.js";
import type { FormControl } from "./form-control.js";

/**
 * Brings back what the user has typed and chosen when a view has been joined again and knows nothing of it.
 * Until the view has answered what it was told of its forms, the page stays as it is, so that nothing
 * flickers; then the newest state is shown.
 */
export class Recovery {
  /** When all forms are told, well or not. */
  readonly answered: Promise<unknown>;
  readonly #container: HTMLElement;
  readonly #fresh: ParentNode;
  readonly #forms: ReadonlyMap<Element, Promise<unknown>>;
  readonly #tools: InputTools;

  constructor(
    container: HTMLElement,
    fresh: ParentNode,
    forms: ReadonlyMap<Element, Promise<unknown>>,
    tools: InputTools,
  ) {
    this.#container = container;
    this.#fresh = fresh;
    this.#forms = forms;
    this.#tools = tools;
    this.answered = Promise.allSettled(forms.values());
  }

  /** Renders; what the user has done stays, except where the view has answered with something else. */
  show(render: () => void): void {
    const { edited } = this.#tools;
    const isKept = (control: FormControl): boolean =>
      edited.has(control) || control.matches(":focus");
    const kept = controlsOf(this.#container)
      .filter(isKept)
      .map((control) => ({ control, key: this.#keyOf(control), state: stateOf(control) }));
    const focused = kept.find(({ control }) => control.matches(":focus"))?.control;
    render();
    for (const { control, key, state } of kept) {
      const isThere = this.#container.contains(control);
      const same = isThere ? control : this.#find(this.#container, key);
      if (!same || (control !== focused && this.#isAnswered(same, key))) continue;
      setState(same, state);
      if (isThere) continue;
      edited.add(same);
      if (control === focused) same.focus();
    }
  }

  /** Whether a control contains what the view has answered: something else than it rendered at first. */
  #isAnswered(control: FormControl, key: string): boolean {
    const form = formOf(control);
    const first = this.#find(this.#fresh, key);
    if (!form || !first || !this.#forms.has(form)) return false;
    const text = (state: ControlState): string => JSON.stringify(state);
    return text(stateOf(control)) !== text(stateOf(first));
  }

  #find(root: ParentNode, key: string): FormControl | undefined {
    return controlsOf(root).find((control) => this.#keyOf(control) === key);
  }

  /** Forms of one page may have fields of the same name. */
  #keyOf(control: FormControl): string {
    return `${formOf(control)?.id} ${keyOf(control)}`;
  }
}
