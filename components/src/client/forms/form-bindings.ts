import type { Action, Binder } from "../bindings/binder.js";
import type { Delays } from "../bindings/delays.js";
import type { InputTools } from "../bindings/lazy-input.js";
import { formOf } from "./edits.js";
import type { FormControl } from "./form-control.js";
import { freezeForm } from "./freeze-form.js";
import { lockControls } from "./locks.js";
import { Recovery } from "./recovery.js";
import { markUsed, serializeForm, unmarkUsed } from "./serialize-form.js";

/** How long a page may take to go for which the browser has sent a form; one that stays is joined again by then. */
const leavingMs = 5000;

/** Acts on what happens in forms: `live-change`, `live-submit`, resets, and views that are joined again. */
export class FormBindings {
  readonly #binder: Binder;
  readonly #delays: Delays;
  readonly #tools: InputTools;
  /** Of forms that the browser sends: how to get them back should it stay. */
  readonly #sent: (() => void)[] = [];
  readonly #submitters = new WeakMap<HTMLFormElement, [name: string, value: string] | undefined>();
  #lastInput: { field: EventTarget; value: string } | undefined;

  constructor(binder: Binder, delays: Delays, tools: InputTools) {
    this.#binder = binder;
    this.#delays = delays;
    this.#tools = tools;
  }

  /** Acts on an event that went through elements of ours. */
  handle(e: Event, path: readonly HTMLElement[]): void {
    if (e.type === "submit") this.#handleSubmit(e as SubmitEvent, path[0] as HTMLFormElement);
    else if (e.type === "reset") this.#handleReset(e, path[0] as HTMLFormElement | undefined);
    else if (["input", "change", "compositionend"].includes(e.type)) this.#handleChange(e, path);
    // An element with a shadow root hears of the control in it.
    else if (e.type === "focusout")
      for (const each of [path[0], e.target]) this.#delays.flush(each as Element);
  }

  /** Sends a form to its action by a page load, whatever its controls are called, without asking anybody. */
  send(form: HTMLFormElement): void {
    HTMLFormElement.prototype.submit.call(form);
    this.#holdSent(form);
  }

  /**
   * Begins to bring back what a view knows nothing of that was joined again.
   *
   * @param fresh what the view has rendered
   * @param mayTell whether the view is to be told, not just shown, what its forms contain
   */
  recover(container: HTMLElement, fresh: ParentNode, mayTell: boolean): Recovery {
    this.#releaseSent();
    return new Recovery(container, fresh, mayTell ? this.#tell(fresh) : new Map(), this.#tools);
  }

  /**
   * Tells a view that has been joined again what its forms contain, once for each that has an id and, in the
   * `fresh` render too, the same `live-change`. `live-auto-recover` names another event, or `ignore`.
   */
  #tell(fresh: ParentNode): Map<Element, Promise<unknown>> {
    const binder = this.#binder;
    const change = binder.name("change");
    const answers = new Map<Element, Promise<unknown>>();
    for (const form of binder.all("change")) {
      // What goes to another view is for that one to remember.
      if (form.hasAttribute(binder.name("target"))) continue;
      const same = form.id && fresh.querySelector(`form[id="${CSS.escape(form.id)}"]`);
      if (!same || same.getAttribute(change) !== form.getAttribute(change)) continue;
      const event = same.getAttribute(binder.name("auto-recover")) || same.getAttribute(change);
      const fields = controlsOf(form as HTMLFormElement).filter(
        (field) => field.name && !field.hasAttribute(change),
      );
      const field = fields.find(({ type }) => type !== "hidden") ?? fields[0];
      if (!event || event === "ignore" || !field) continue;
      answers.set(
        form,
        binder.sendAction(form, event, this.#change(form as HTMLFormElement, form, field)),
      );
    }
    return answers;
  }

  #handleChange(e: Event, path: readonly FormControl[]): void {
    const binder = this.#binder;
    const { edited } = this.#tools;
    const field = path.find(formOf);
    const form = field && formOf(field);
    if (!field || !form) {
      const bound = path.find((each) => each.hasAttribute(binder.name("change")));
      if (bound && !(bound instanceof HTMLFormElement))
        binder.fail("LIVE_ERR_NO_FORM", "form events require the input to be inside a form");
      return;
    }
    edited.add(field);
    // What a number field cannot read is no value yet; reporting it would overwrite it.
    if (field.type === "number" && field.validity?.badInput) return;
    if ((e as InputEvent).isComposing && binder.element.hasAttribute("hold-composition")) return;
    const source = [field, form].find((each) => each.hasAttribute(binder.name("change")));
    if (!source) return;
    markUsed([field]);
    const action = this.#change(form, source, field);
    const value = action.value();
    // Browsers end an edit that `input` has told already with `change`, and a composition with both.
    const isRepeated =
      e.type !== "input" && this.#lastInput?.field === field && this.#lastInput.value === value;
    this.#lastInput = { field, value };
    if (!isRepeated) binder.fire(source, "change", e, action, field);
  }

  /** What a form, or a field alone, has to tell when a field has changed. */
  #change(form: HTMLFormElement, source: HTMLElement, field: FormControl) {
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
        // What other fields have still to tell is told with it.
        const change = binder.name("change");
        const others = controlsOf(form).filter(
          (each) => each !== field && !each.hasAttribute(change),
        );
        if (!only) this.#delays.drop(others);
        return lockControls([field]);
      },
    } satisfies Action;
  }

  #handleSubmit(e: SubmitEvent, form: HTMLFormElement): void {
    const binder = this.#binder;
    if (!form.hasAttribute(binder.name("submit"))) {
      // The browser first takes what it sends, and would leave a disabled button out.
      setTimeout(() => this.#holdSent(form));
      return;
    }
    // It has been sent, and is not answered yet.
    if (form.classList.contains("live-submit-loading")) return;
    const controls = controlsOf(form);
    markUsed(controls);
    const value = (added?: object): string =>
      serializeForm(form, {
        submitter: e.submitter,
        values: { ...binder.valuesOf(form), ...added },
      });
    this.#addSubmitter(form, e.submitter);
    // The event tells their values.
    this.#delays.drop(controls);
    const begin = (): (() => void) => {
      const ends = [lockControls(controls), this.#hold(form)];
      return () => {
        for (const end of ends) end();
      };
    };
    binder.fire(form, "submit", e, {
      type: "form",
      name: "submit",
      value,
      marked: [form, ...controls],
      begin,
    });
  }

  #hold(form: HTMLFormElement): () => void {
    return freezeForm(form, this.#binder.name("disable-with"));
  }

  #holdSent(form: HTMLFormElement): void {
    this.#sent.push(this.#hold(form));
    // A session that provides data only shows no view that could be recovered.
    setTimeout(() => this.#releaseSent(), leavingMs);
  }

  #releaseSent(): void {
    for (const release of this.#sent.splice(0)) release();
  }

  /** Lets a button take part should the view send the form by a page load. */
  #addSubmitter(form: HTMLFormElement, submitter: HTMLElement | null): void {
    const name = submitter?.getAttribute("name");
    const isKnown = this.#submitters.has(form);
    this.#submitters.set(form, name ? [name, submitter?.getAttribute("value") ?? ""] : undefined);
    if (isKnown) return;
    form.addEventListener("formdata", ({ formData }) => {
      const used = this.#submitters.get(form);
      if (used && form.hasAttribute(this.#binder.name("trigger-action"))) formData.append(...used);
    });
  }

  #handleReset(e: Event, form: HTMLFormElement | undefined): void {
    // A form of a session within is that one's.
    if (!form) return;
    const controls = controlsOf(form);
    unmarkUsed(controls);
    this.#delays.drop(controls);
    const button = controls.find(({ type }) => type === "reset");
    // The browser resets the fields when everybody has heard of it.
    setTimeout(() => {
      for (const control of controls) this.#tools.edited.delete(control);
      if (!e.defaultPrevented) button?.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
}

const controlsOf = (form: HTMLFormElement): FormControl[] => [...form.elements] as FormControl[];
