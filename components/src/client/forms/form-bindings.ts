import type { Action, Binder } from "../bindings/binder.js";
import type { Delays } from "../bindings/delays.js";
import { membersOf } from "./bound-control.js";
import { changeAction, isLost } from "./change-action.js";
import { elementsOf, formOf, isControl } from "./edits.js";
import type { FormControl } from "./form-control.js";
import { freezeForm } from "./freeze-form.js";
import { forgetUnsent, lockControls, noteUnsent, showBound, withEdits } from "./locks.js";
import { Recovery } from "./recovery.js";
import { markUsed, serializeForm, unmarkUsed } from "./serialize-form.js";
import { UnknownForms } from "./unknown-forms.js";

/**
 * How long a form that the browser sends by a page load stays frozen. A page that is still there after this time is
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
  readonly #unknown: UnknownForms;
  /** Functions that unfreeze the forms that the browser is sending. */
  readonly #sent: (() => void)[] = [];
  readonly #submitters = new WeakMap<HTMLFormElement, Submitter>();
  /** The form that was submitted last. */
  #submitted: HTMLFormElement | undefined;
  /** The content of each field at its last `input`, until the `change` that follows. */
  readonly #inputs = new WeakMap<FormControl, string>();

  constructor(binder: Binder, delays: Delays, edited: WeakSet<object>) {
    this.#binder = binder;
    this.#delays = delays;
    this.#edited = edited;
    this.#unknown = new UnknownForms(binder, delays);
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
      // In a microtask, after the control has lost the focus.
      queueMicrotask(() => showBound(each as FormControl));
    }
  }

  /**
   * Sends a form to its action by a page load, without `submit` events, even if a control is named `submit`. The form
   * contains what the user has entered and the button that was used, even if the same update resets a field or replaces
   * the form.
   */
  send(form: HTMLFormElement): void {
    const used = this.#submitterOf(form);
    const addUsed = ({ formData }: FormDataEvent): void => {
      if (used) formData.append(...used);
    };
    membersOf(form).addEventListener("formdata", addUsed, { once: true });
    withEdits(elementsOf(form), () => HTMLFormElement.prototype.submit.call(form));
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
    const answers = maySend ? this.#unknown.sendAll(fresh) : new Map();
    return new Recovery(container, fresh, answers, this.#edited);
  }

  /** Sends what the browser has restored in a form, or the user has typed, before the first join. */
  sendRestored(): void {
    this.#unknown.sendRestored();
  }

  #handleChange(e: InputEvent, path: readonly FormControl[]): void {
    // The control in the shadow root of a custom element has no form; the element has.
    const field = path.find((each) => isControl(each) && formOf(each));
    const form = field && formOf(field);
    if (!field || !form) {
      this.#reportMissingForm(path);
      return;
    }
    this.#edited.add(field);
    const source = this.#sourceOf(field, form);
    const action =
      source &&
      this.#isReadable(field, e) &&
      changeAction(this.#binder, this.#delays, { form, source, field });
    // The form data contains the marks of unused fields.
    if (action) markUsed([field]);
    // Not the whole form: the view may change other fields between two events of one edit.
    const content = action ? serializeForm(form, { only: field }) : "";
    if (this.#isRepeated(e, field, content)) return;
    noteUnsent(field, !!source);
    if (action) this.#binder.fire(source, "change", e, action, field);
  }

  /** Returns the element whose `live-change` sends a field: the field itself or its form. */
  #sourceOf(field: FormControl, form: HTMLFormElement): HTMLElement | undefined {
    return [field, form].find((each) => this.#binder.has(each, "change"));
  }

  /** Whether an event belongs to an edit that has been sent: browsers dispatch `input`, then `change` for the same edit. */
  #isRepeated(e: Event, field: FormControl, content: string): boolean {
    const isRepeated = e.type !== "input" && this.#inputs.get(field) === content;
    if (e.type === "change") this.#inputs.delete(field);
    else this.#inputs.set(field, content);
    return isRepeated;
  }

  #reportMissingForm(path: readonly HTMLElement[]): void {
    const bound = path.find((each) => this.#binder.has(each, "change"));
    if (bound && !(bound instanceof HTMLFormElement))
      this.#binder.fail("LIVE_ERR_NO_FORM", "form events require the input to be inside a form");
  }

  /** Whether the value of a field can be sent: not while the user has yet to finish it. */
  #isReadable(field: FormControl, e: InputEvent): boolean {
    // The value of a number field is empty while the browser cannot parse it. The answer would overwrite the field.
    if (field.type === "number" && field.validity?.badInput) return false;
    return !(e.isComposing && this.#binder.element.hasAttribute("hold-composition"));
  }

  #handleSubmit(e: SubmitEvent, form: HTMLFormElement): void {
    const binder = this.#binder;
    const { classList } = membersOf(form);
    if (!binder.has(form, "submit")) {
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
    this.#delays.dropEdits(controls);
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
        const ends = [lockControls(controls, () => isLost(this.#binder), true), this.#freeze(form)];
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

  /** Remembers the button that was used, in case the view later sends the form by `live-trigger-action`. */
  #rememberSubmitter(form: HTMLFormElement, submitter: HTMLElement | null): void {
    const name = submitter?.getAttribute("name");
    this.#submitters.set(form, name ? [name, submitter?.getAttribute("value") ?? ""] : undefined);
    this.#submitted = form;
  }

  /** Returns the button that was used in a form, or in the form that it has replaced. */
  #submitterOf(form: HTMLFormElement): Submitter {
    const last = this.#submitted;
    const isReplaced =
      last && !membersOf(last).isConnected && membersOf(last).id === membersOf(form).id;
    return this.#submitters.get(isReplaced ? last : form);
  }

  #handleReset(e: Event, form: HTMLFormElement | undefined): void {
    // The form of a nested live session belongs to that session.
    if (!form) return;
    const controls = elementsOf(form);
    unmarkUsed(controls);
    this.#delays.dropEdits(controls);
    const button = controls.find(({ type }) => type === "reset");
    // The browser resets the fields after the dispatch of this event.
    setTimeout(() => {
      for (const control of controls) this.#edited.delete(control);
      forgetUnsent(controls);
      if (!e.defaultPrevented) button?.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
}
