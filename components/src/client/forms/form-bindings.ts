import type { Action, Binder, Settle } from "../bindings/binder.js";
import type { Delays } from "../bindings/delays.js";
import { elementsOf, formOf, groupOf, isControl } from "./edits.js";
import type { FormControl } from "./form-control.js";
import { membersOf } from "./form-members.js";
import { freezeForm } from "./freeze-form.js";
import { forgetUnsent, lockControls, noteUnsent, showBound } from "./locks.js";
import { Recovery } from "./recovery.js";
import { markUsed, serializeForm, unmarkUsed } from "./serialize-form.js";

/**
 * How long a form stays frozen that the browser sends by a page load. A page that is still there after this time is
 * joined again.
 */
const leavingMs = 5000;

/** The name and value of the button that has sent a form; `undefined` if it has no name. */
type Submitter = readonly [name: string, value: string] | undefined;

/** Handles the bindings of forms: `live-change`, `live-submit`, resets, and the recovery after a rejoin. */
export class FormBindings {
  readonly #binder: Binder;
  readonly #delays: Delays;
  /** The controls that the user has changed. */
  readonly #edited: WeakSet<object>;
  /** Functions that unfreeze the forms that the browser is sending. */
  readonly #sent: (() => void)[] = [];
  readonly #submitters = new WeakMap<HTMLFormElement, Submitter>();
  /** For each field the event of its last `input`, until the `change` that follows. */
  readonly #inputs = new WeakMap<FormControl, string>();

  constructor(binder: Binder, delays: Delays, edited: WeakSet<object>) {
    this.#binder = binder;
    this.#delays = delays;
    this.#edited = edited;
  }

  /** Handles a DOM event. `path` contains the elements of this live session that it passed, innermost first. */
  handle(e: Event, path: readonly HTMLElement[]): void {
    switch (e.type) {
      case "submit":
        this.#handleSubmit(e as SubmitEvent, path[0] as HTMLFormElement);
        break;
      case "reset":
        this.#handleReset(e, path[0] as HTMLFormElement | undefined);
        break;
      case "input":
      case "change":
      case "compositionend":
        this.#handleChange(e as InputEvent, path);
        break;
      case "focusout":
        this.#handleFocusLost(e, path);
        break;
    }
  }

  /**
   * Sends the delayed event of a control that has lost the focus, and of the element with the shadow root that contains
   * it. Shows values of the view that were not written while they had the focus.
   */
  #handleFocusLost(e: Event, [control]: readonly HTMLElement[]): void {
    for (const each of new Set([control, e.target])) {
      if (!(each instanceof Element)) continue;
      this.#delays.flush(each);
      // In a microtask, when the control no longer has the focus.
      queueMicrotask(() => showBound(each as FormControl));
    }
  }

  /** Sends a form to its action by a page load, without `submit` events, even if a control is named `submit`. */
  send(form: HTMLFormElement): void {
    HTMLFormElement.prototype.submit.call(form);
    this.#freezeSent(form);
  }

  /**
   * Starts to restore the contents of forms in a view that has been joined again and does not know them.
   *
   * @param fresh the view as the server has rendered it
   * @param maySend whether to send the contents to the view, rather than only show them
   */
  recover(container: HTMLElement, fresh: ParentNode, maySend: boolean): Recovery {
    this.#unfreezeSent();
    const answers = maySend ? this.#sendForms(fresh) : new Map();
    return new Recovery(container, fresh, answers, this.#edited);
  }

  /** Sends the contents of all forms that can be recovered to the view. Returns its answers. */
  #sendForms(fresh: ParentNode): Map<Element, Promise<unknown>> {
    const answers = new Map<Element, Promise<unknown>>();
    for (const form of this.#binder.all("change")) {
      const event = this.#recoveryEventOf(form, fresh);
      const field = this.#recoveryTargetOf(form as HTMLFormElement);
      if (!event || event === "ignore" || !field) continue;
      const action = this.#changeAction(form as HTMLFormElement, form, field);
      const begin = (): Settle => {
        const end = action.begin();
        // The page does not show the answer yet, but a view from before the rejoin.
        return () => end(false);
      };
      answers.set(form, this.#binder.sendAction(form, event, { ...action, begin }));
    }
    return answers;
  }

  /**
   * Returns the event that sends a form again: that of `live-auto-recover`, or else of `live-change`. Only forms with
   * an id are recovered, and only if the `fresh` render has a form with the same id and `live-change`.
   */
  #recoveryEventOf(form: HTMLElement, fresh: ParentNode): string | null | undefined {
    const binder = this.#binder;
    // A form that sends its events to another view is not part of this view's state.
    if (form.hasAttribute(binder.name("target")) || !form.id) return undefined;
    const same = fresh.querySelector(`form[id="${CSS.escape(form.id)}"]`);
    const change = form.getAttribute(binder.name("change"));
    if (same?.getAttribute(binder.name("change")) !== change) return undefined;
    return same?.getAttribute(binder.name("auto-recover")) || change;
  }

  /** Returns the field that is sent as the one that has changed. */
  #recoveryTargetOf(form: HTMLFormElement): FormControl | undefined {
    const fields = elementsOf(form).filter(
      (field) => field.name && !field.hasAttribute(this.#binder.name("change")),
    );
    return fields.find(({ type }) => type !== "hidden") ?? fields[0];
  }

  #handleChange(e: InputEvent, path: readonly FormControl[]): void {
    const field = path.find(isControl);
    const form = field && formOf(field);
    if (!field || !form) {
      this.#reportMissingForm(path);
      return;
    }
    this.#edited.add(field);
    const source = this.#sourceOf(field, form);
    const action = source && this.#isReadable(field, e) && this.#changeAction(form, source, field);
    // The form data contains the marks of unused fields.
    if (action) markUsed([field]);
    if (this.#isRepeated(e, field, action ? action.value() : "")) return;
    noteUnsent(field, !!source);
    if (action) this.#binder.fire(source, "change", e, action, field);
  }

  /** Returns the element whose `live-change` sends a field: the field itself or its form. */
  #sourceOf(field: FormControl, form: HTMLFormElement): HTMLElement | undefined {
    const change = this.#binder.name("change");
    return [field, form].find((each) => membersOf(each).hasAttribute(change));
  }

  /** Whether an event belongs to an edit that has been sent: browsers dispatch `input`, then `change` for the same edit. */
  #isRepeated(e: Event, field: FormControl, value: string): boolean {
    const isRepeated = e.type !== "input" && this.#inputs.get(field) === value;
    if (e.type === "change") this.#inputs.delete(field);
    else this.#inputs.set(field, value);
    return isRepeated;
  }

  #reportMissingForm(path: readonly HTMLElement[]): void {
    const bound = path.find((each) => each.hasAttribute(this.#binder.name("change")));
    if (bound && !(bound instanceof HTMLFormElement))
      this.#binder.fail("LIVE_ERR_NO_FORM", "form events require the input to be inside a form");
  }

  /** Whether the value of a field can be sent: not while the user has yet to finish it. */
  #isReadable(field: FormControl, e: InputEvent): boolean {
    // The value of a number field is empty while the browser cannot parse it. The answer would overwrite the field.
    if (field.type === "number" && field.validity?.badInput) return false;
    return !(e.isComposing && this.#binder.element.hasAttribute("hold-composition"));
  }

  /**
   * Describes the event of a field that has changed.
   *
   * @param source the element with the `live-change`: the form, which sends all fields, or the field, which sends
   *   itself only
   */
  #changeAction(form: HTMLFormElement, source: HTMLElement, field: FormControl) {
    const binder = this.#binder;
    const only = source === form ? undefined : field;
    return {
      type: "form",
      name: "change",
      value: (added?: object) =>
        serializeForm(form, {
          target: field,
          only,
          values: { ...binder.valuesOf(form), ...binder.valuesOf(source), ...added },
        }),
      marked: [field, form],
      begin: () => {
        // The event contains the values of the other fields, so their own delayed events are not needed.
        const others = only ? [] : this.#othersOf(form, field);
        this.#delays.drop(others);
        forgetUnsent([field, ...others]);
        return lockControls(groupOf(field));
      },
    } satisfies Action;
  }

  /** Lists the controls of a form, except one, that have no `live-change` of their own. */
  #othersOf(form: HTMLFormElement, field: FormControl): FormControl[] {
    const change = this.#binder.name("change");
    return elementsOf(form).filter((each) => each !== field && !each.hasAttribute(change));
  }

  #handleSubmit(e: SubmitEvent, form: HTMLFormElement): void {
    const binder = this.#binder;
    const { classList } = membersOf(form);
    if (!membersOf(form).hasAttribute(binder.name("submit"))) {
      // The browser reads the fields after this event. It would leave out a button that is disabled already.
      setTimeout(() => this.#freezeSent(form));
      return;
    }
    const isPending = classList.contains("live-submit-loading");
    if (isPending) return;
    const controls = elementsOf(form);
    markUsed(controls);
    this.#rememberSubmitter(form, e.submitter);
    // The event contains the values of all fields.
    this.#delays.drop(controls);
    binder.fire(form, "submit", e, this.#submitAction(form, e.submitter, controls));
  }

  #submitAction(
    form: HTMLFormElement,
    submitter: HTMLElement | null,
    controls: readonly FormControl[],
  ): Action {
    return {
      type: "form",
      name: "submit",
      value: (added) =>
        serializeForm(form, { submitter, values: { ...this.#binder.valuesOf(form), ...added } }),
      marked: [form, ...controls],
      begin: () => {
        forgetUnsent(controls);
        const ends = [lockControls(controls, true), this.#freeze(form)];
        return (isAnswered) => {
          for (const end of ends) end(isAnswered);
        };
      },
    };
  }

  #freeze(form: HTMLFormElement): () => void {
    return freezeForm(form, this.#binder.name("disable-with"));
  }

  #freezeSent(form: HTMLFormElement): void {
    this.#sent.push(this.#freeze(form));
    // If the page stays, the rejoin unfreezes it. A session that only provides data has no view to recover.
    setTimeout(() => this.#unfreezeSent(), leavingMs);
  }

  #unfreezeSent(): void {
    for (const unfreeze of this.#sent.splice(0)) unfreeze();
  }

  /** Adds the button that was used to the form's data if the view later sends the form by `live-trigger-action`. */
  #rememberSubmitter(form: HTMLFormElement, submitter: HTMLElement | null): void {
    const name = submitter?.getAttribute("name");
    const isListening = this.#submitters.has(form);
    this.#submitters.set(form, name ? [name, submitter?.getAttribute("value") ?? ""] : undefined);
    if (isListening) return;
    membersOf(form).addEventListener("formdata", ({ formData }) => {
      const used = this.#submitters.get(form);
      if (used && membersOf(form).hasAttribute(this.#binder.name("trigger-action")))
        formData.append(...used);
    });
  }

  #handleReset(e: Event, form: HTMLFormElement | undefined): void {
    // The form of a nested live session belongs to that session.
    if (!form) return;
    const controls = elementsOf(form);
    unmarkUsed(controls);
    this.#delays.drop(controls);
    const button = controls.find(({ type }) => type === "reset");
    // The browser resets the fields after the dispatch of this event.
    setTimeout(() => {
      for (const control of controls) this.#edited.delete(control);
      forgetUnsent(controls);
      if (!e.defaultPrevented) button?.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
}
