import type { Binder, EventOptions, SettleCallback } from "../bindings/binder.js";
import type { Delays } from "../bindings/delays.js";
import { boundValuesOf, isEdited, membersOf } from "./bound-control.js";
import { type ChangedField, changeAction } from "./change-action.js";
import { showsDefault } from "./defaults.js";
import { controlsOf, elementsOf, formOf, withKeys } from "./edits.js";
import type { FormControl } from "./form-control.js";
import { isLocked } from "./locks.js";
import { markUsed } from "./serialize-form.js";

/** An element with a `live-change`: a form or a field. */
interface Source {
  readonly form: HTMLFormElement;
  readonly source: HTMLElement;
}

/** Sends the contents of forms to a view that does not know them, because it has just been joined. */
export class UnknownForms {
  readonly #binder: Binder;
  readonly #delays: Delays;

  constructor(binder: Binder, delays: Delays) {
    this.#binder = binder;
    this.#delays = delays;
  }

  /**
   * Sends all forms with an id, and the changed fields in them that have a `live-change` of their own, to a view that was
   * joined again. The fresh render must have the same form or field with the same `live-change`.
   *
   * @param fresh the view as the server has rendered it
   * @returns the answers of the view, by the element with the `live-change`
   */
  sendAll(fresh: ParentNode): Map<Element, Promise<unknown>> {
    const answers = new Map<Element, Promise<unknown>>();
    const findField = matchFields(this.#binder.element, fresh);
    for (const { form, source } of this.#sources()) {
      const same = source === form ? findForm(form, fresh) : findField(source);
      const change = this.#binder.attribute(source, "change");
      if (!same || this.#binder.attribute(same, "change") !== change) continue;
      const isField = source !== form;
      const field = isField ? source : this.#firstFieldOf(form);
      if (!field || (isField && !isEdited(source))) continue;
      answers.set(source, this.#send({ form, source, field }, this.#eventOf(same)));
    }
    return answers;
  }

  /**
   * Sends the forms that contain what the browser has restored, as after a reload, or what the user has typed before the
   * first join.
   */
  sendRestored(): void {
    for (const { form, source } of this.#sources()) {
      const controls = source === form ? this.#fieldsOf(form) : [source];
      // An event that has been sent since the join contains the values of all controls.
      if (controls.some(isLocked)) continue;
      const restored = controls.filter(isRestored);
      markUsed(restored);
      const [field] = restored;
      if (field) void this.#send({ form, source, field }, this.#eventOf(source));
    }
  }

  /** Lists the elements with a `live-change` that belong to a form. */
  #sources(): Source[] {
    return this.#binder.all("change").flatMap((source) => {
      const form = source instanceof HTMLFormElement ? source : formOf(source);
      return form ? [{ form, source }] : [];
    });
  }

  /** Returns the event that sends a form again, or commands: those of `live-auto-recover`, or else of `live-change`. */
  #eventOf(source: Element): string {
    const recover = this.#binder.attribute(source, "auto-recover");
    return recover || (this.#binder.attribute(source, "change") ?? "");
  }

  /** Sends a form to its own view only, because other views still know its content. */
  async #send(changed: ChangedField, event: string): Promise<void> {
    if (event === "ignore") return;
    const binder = this.#binder;
    const own = binder.element.view;
    const answers: Promise<unknown>[] = [];
    const send = (name: string, options: EventOptions): Promise<unknown> | false => {
      const views = options.views?.filter((view) => view === own);
      if (views?.length === 0) return false;
      const answer = binder.sendAction(changed.source, name, this.#action(changed), {
        ...options,
        ...(views && { views }),
      });
      answers.push(answer);
      return answer;
    };
    await binder.scripting.perform(changed.source, event, send);
    await Promise.allSettled(answers);
  }

  #action(changed: ChangedField) {
    const action = changeAction(this.#binder, this.#delays, changed);
    const begin = (): SettleCallback => {
      this.#delays.dropEdits([changed.field]);
      const end = action.begin();
      // The page may not show the answer yet, but a view from before the rejoin.
      return () => end(false);
    };
    return { ...action, begin };
  }

  /** Returns the field that is sent as the one that has changed. */
  #firstFieldOf(form: HTMLFormElement): FormControl | undefined {
    const fields = this.#fieldsOf(form);
    return fields.find(({ type }) => type !== "hidden") ?? fields[0];
  }

  /** Lists the fields that a form sends, without those that have a `live-change` of their own. */
  #fieldsOf(form: HTMLFormElement): FormControl[] {
    return elementsOf(form).filter((field) => field.name && !this.#binder.has(field, "change"));
  }
}

/** Finds the form with the same id in a fresh render. */
function findForm(form: HTMLFormElement, fresh: ParentNode): Element | null {
  const { id } = membersOf(form);
  return id ? fresh.querySelector(`form[id="${CSS.escape(id)}"]`) : null;
}

/** Returns a function that finds the same field in a fresh render. The field or its form must have an id. */
function matchFields(
  shown: ParentNode,
  fresh: ParentNode,
): (field: FormControl) => Element | undefined {
  const keys = new Map(withKeys(controlsOf(shown)).map(([key, field]) => [field, key]));
  const fields = new Map(withKeys(controlsOf(fresh)));
  return (field) => {
    const form = formOf(field);
    const hasId = field.id || (form && membersOf(form).id);
    return hasId ? fields.get(keys.get(field) ?? "") : undefined;
  };
}

/** Whether a control shows neither the value that the view has rendered nor its default. */
const isRestored = (control: FormControl): boolean =>
  isEdited(control) || (boundValuesOf(control).length === 0 && !showsDefault(control));
