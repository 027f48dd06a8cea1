import { edited } from "../forms/form-control.js";
import { setInputKeeper } from "../rendering/hydrate.js";
import type { Binder, BindingTarget } from "./binder.js";
import type { Input } from "./input.js";
import { useLazyModule } from "./lazy-module.js";

const tools = { edited, setInputKeeper };

/** What the part needs of the client. */
export type InputTools = typeof tools;

/** What the part hears of: in the session, and in the whole page. */
const heard = "input change compositionend reset".split(" ");
const heardByAll = "keydown keyup focusin focusout focus blur mousedown click scroll".split(" ");

/** The bindings that need the part. */
const keys = "keydown keyup focus blur window-keydown window-keyup window-focus window-blur";
const others = "debounce throttle disable-with click-away viewport-top viewport-bottom";

/**
 * Loads the part of the client for forms, keys, the focus, pauses and scrolling, when a page
 * needs it, and keeps the order of what happens meanwhile.
 */
export class LazyInput {
  readonly #binder: Binder;
  readonly #target: BindingTarget;
  readonly #signal: AbortSignal;
  /** The part, if the page has had anything for it. One that does not load is told by `live-error`. */
  loading: Promise<Input | undefined> | undefined;
  /** The part, once it is there. */
  part: Input | undefined;

  /** Listens from now until the signal is given. */
  constructor(binder: Binder, target: BindingTarget, area: EventTarget, signal: AbortSignal) {
    this.#binder = binder;
    this.#target = target;
    this.#signal = signal;
    for (const type of heard) binder.element.addEventListener(type, this.#handle, { signal });
    for (const type of heardByAll) {
      // Of scrolling only the page itself hears otherwise, and of a click after what it was to show is shown.
      window.addEventListener(type, this.#handle, {
        signal,
        capture: "click scroll".includes(type),
      });
    }
    area.addEventListener("submit", this.#handle, { signal });
    this.#scan();
  }

  /** Loads the part if the page shows what will likely need it; else the first that happens does. */
  #scan(): void {
    if (this.loading) return;
    const selectors = `${keys} ${others}`.split(" ").map((name) => `[${this.#binder.name(name)}]`);
    if (this.#binder.element.querySelector(`form,input,select,textarea,${selectors}`))
      void this.#load();
  }

  /** Gives the part to a task, now or when it has been loaded. */
  use(task: (part: Input) => void): void {
    if (this.part) task(this.part);
    else void this.#load().then((part) => part && task(part));
  }

  #load(): Promise<Input | undefined> {
    this.loading ??= useLazyModule(this.#binder.element, import("./input.js"), ({ Input }) => {
      this.part = new Input(this.#binder, tools);
    }).then(() => this.part);
    return this.loading;
  }

  /**
   * To be called when what the view says is shown. The form of which it says so by `live-trigger-action` is sent to its
   * action, if there is one.
   */
  update(): void {
    this.#scan();
    const form = this.#binder.all("trigger-action").find((each) => each instanceof HTMLFormElement);
    if (!form) return;
    this.use((part) => {
      this.#target.unload();
      part.send(form);
    });
  }

  /** A submit is not heard outside of a shadow root, but the click of its button is. */
  hearSubmit(form: HTMLFormElement | null | undefined): void {
    if (!(form?.getRootNode() instanceof ShadowRoot)) return;
    form.addEventListener("submit", this.#handle, { signal: this.#signal });
  }

  readonly #handle = (e: Event): void => {
    // Of keys, clicks and scrolling there is a lot, and mostly nobody who waits for it.
    if (!this.loading && !heard.includes(e.type) && e.type !== "submit") return;
    // The path is known only now.
    const path = this.#binder.pathOf(e, e.type !== "submit");
    if (e.type === "submit" && !this.#handleSubmit(e as SubmitEvent, path[0] as HTMLFormElement))
      return;
    // In the order in which they came.
    this.use((part) => part.handle(e, path));
  };

  /** Keeps the browser from sending a form that the view gets; whether anything is left to be done. */
  #handleSubmit(e: SubmitEvent, form: HTMLFormElement | undefined): boolean {
    if (!form) return false;
    if (form.hasAttribute(this.#binder.name("submit"))) {
      e.preventDefault();
      return true;
    }
    if (e.defaultPrevented || !leavesPage(form, e.submitter)) return false;
    this.#target.unload();
    return true;
  }
}

/** Whether the browser leaves the page when it sends a form: not for a dialog, nor for another window or frame. */
function leavesPage(form: HTMLFormElement, submitter: HTMLElement | null): boolean {
  const of = (name: string): string =>
    submitter?.getAttribute(`form${name}`) ?? form.getAttribute(name) ?? "";
  return of("method").toLowerCase() !== "dialog" && ["", "_self"].includes(of("target"));
}
