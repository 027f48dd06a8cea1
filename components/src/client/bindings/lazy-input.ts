import { edited } from "../forms/form-control.js";
import { membersOf } from "../forms/form-members.js";
import { LazyModule } from "../lazy-module.js";
import { boundTo } from "../rendering/bound-values.js";
import { changes } from "../rendering/hydrate.js";
import { setInputKeeper } from "../rendering/input-keeper.js";
import { needsInput, noteMarkup } from "../rendering/templates.js";
import type { Binder, BindingTarget } from "./binder.js";
import type { Input } from "./input.js";
import { opensHere } from "./opens-here.js";

const tools = { edited, boundTo, membersOf, changes, setInputKeeper };

/** Values of the main script that the lazy module uses. It cannot import them: both would need a third script. */
export type InputTools = typeof tools;

/** Events of fields and forms below the session. The first one loads the module. */
const formEvents: readonly string[] = ["input", "change", "compositionend", "reset"];

/** Events of the whole page. They are frequent, so they are ignored until something else has loaded the module. */
const pageEvents: readonly string[] = [
  "keydown",
  "keyup",
  "focus",
  "blur",
  "focusin",
  "focusout",
  "mousedown",
  "click",
  "scroll",
];

/**
 * Page events that are listened to in the capture phase: `scroll` of an element does not bubble, and a click must be
 * compared with what the page showed before the click.
 */
const capturedEvents: readonly string[] = ["click", "scroll"];

/**
 * Loads the module for forms, keys, the focus, delays and scrolling when a page needs it. Events that occur while it
 * is loading are handled afterwards, in order. If it cannot be loaded, forms and links do what the browser does without
 * scripts, until the module arrives.
 */
export class LazyInput {
  readonly #binder: Binder;
  readonly #target: BindingTarget;
  readonly #signal: AbortSignal;
  readonly #module: LazyModule<{ Input: typeof Input }>;
  /** Set as soon as the page needs the module; resolves with `undefined` if the first request fails. */
  loading: Promise<Input | undefined> | undefined;
  /** The module's object, once loaded. */
  loaded: Input | undefined;
  /** The form with `live-trigger-action` that has been sent. Updates that follow must not send it again. */
  #sent: HTMLElement | undefined;

  /** Listens until the signal aborts. */
  constructor(binder: Binder, target: BindingTarget, area: EventTarget, signal: AbortSignal) {
    this.#binder = binder;
    this.#target = target;
    this.#signal = signal;
    const use = (module: { Input: typeof Input }): void => {
      this.loaded = new module.Input(binder, tools);
      this.loading = Promise.resolve(this.loaded);
    };
    const load = () => import("./input.js");
    this.#module = new LazyModule(binder.element, load, use, () => target.handleMissingModule());
    for (const type of formEvents) binder.element.addEventListener(type, this.#handle, { signal });
    for (const type of pageEvents) {
      const capture = capturedEvents.includes(type);
      window.addEventListener(type, this.#handle, { signal, capture });
    }
    area.addEventListener("submit", this.#handle, { signal });
    noteMarkup(binder.element.innerHTML);
    this.#loadIfNeeded();
  }

  /**
   * Runs a task with the loaded module: now, or when it has been loaded.
   *
   * @param otherwise called instead if the module cannot be loaded
   */
  use(task: (input: Input) => void, otherwise = (): void => {}): void {
    if (this.loaded) task(this.loaded);
    else if (this.#module.isMissing) otherwise();
    else void this.#load().then((input) => (input ? task(input) : otherwise()));
  }

  /**
   * Called after each update that the page shows. Sends the form that has a `live-trigger-action` to its action, if
   * there is one.
   */
  update(): void {
    this.#loadIfNeeded();
    if (!this.loading) return;
    const form = this.#binder.all("trigger-action").find((each) => each instanceof HTMLFormElement);
    const isSent = form === this.#sent;
    this.#sent = form;
    if (!form || isSent) return;
    const send = (input?: Input): void => {
      this.#target.unload();
      if (input) input.send(form);
      else membersOf(form).submit();
    };
    this.use(send, send);
  }

  /**
   * Listens for `submit` on a form in a shadow root, called with the form of a control that is clicked. `submit` does
   * not leave a shadow root, but the click does.
   */
  listenForSubmit(form: HTMLFormElement | null | undefined): void {
    if (!form || !(membersOf(form).getRootNode() instanceof ShadowRoot)) return;
    membersOf(form).addEventListener("submit", this.#handle, { signal: this.#signal });
  }

  /** Loads the module if the page has received something that probably needs it. */
  #loadIfNeeded(): void {
    // Without `moveBefore`, the module restores the state of rows that move.
    if (needsInput || !("moveBefore" in this.#binder.element)) void this.#load();
  }

  #load(): Promise<Input | undefined> {
    this.loading ??= this.#module.load().then(() => this.loaded);
    return this.loading;
  }

  readonly #handle = (e: Event): void => {
    if (!this.loading && pageEvents.includes(e.type)) return;
    // The path of an event is empty after its dispatch, so it is read before the module is loaded.
    const path = this.#binder.pathOf(e, e.type !== "submit");
    if (e.type === "submit") this.#handleSubmit(e as SubmitEvent, path);
    else this.use((input) => input.handle(e, path));
  };

  /** Stops the browser from sending a form that the view receives. */
  #handleSubmit(e: SubmitEvent, path: readonly HTMLElement[]): void {
    const [form] = path as readonly HTMLFormElement[];
    if (!form) return;
    const handle = (input: Input): void => input.handle(e, path);
    if (this.#binder.has(form, "submit") && !this.#module.isMissing) {
      e.preventDefault();
      // Without the module the browser sends the form.
      this.use(handle, () => membersOf(form).requestSubmit(e.submitter));
    } else if (!e.defaultPrevented && leavesPage(form, e.submitter)) {
      this.#target.unload();
      this.use(handle);
    }
  }
}

/** Whether the browser leaves the page when it sends a form: not with a dialog or another window or frame. */
function leavesPage(form: HTMLFormElement, submitter: HTMLElement | null): boolean {
  const attribute = (name: string): string | null =>
    submitter?.getAttribute(`form${name}`) ?? membersOf(form).getAttribute(name);
  return attribute("method")?.toLowerCase() !== "dialog" && opensHere(attribute("target"));
}
