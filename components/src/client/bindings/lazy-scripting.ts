import type { LiveServerEvent } from "../../events.js";
import type { Templates } from "../../protocol/index.js";
import type { Scripting } from "../commands/scripting.js";
import { LazyModule } from "../lazy-module.js";
import type { Binder, BindingTarget, BoundEventSender } from "./binder.js";

// One variable for all live sessions: templates are sent once per connection, which several sessions may share.
let isNeeded = false;

/**
 * Loads the module for commands, hooks and optimistic changes when a page needs it. Tasks and events that come while it
 * is loading are handled afterwards, in order.
 */
export class LazyScripting {
  readonly #binder: Binder;
  readonly #module: LazyModule<{ Scripting: typeof Scripting }>;
  #loaded: Scripting | undefined;
  #loading: Promise<void> | undefined;
  /** The events of the view since the module has been requested. */
  #early: LiveServerEvent[] = [];
  /** The number of tasks that wait for the module. */
  #waiting = 0;
  #isClosed = false;

  constructor(binder: Binder, target: BindingTarget) {
    this.#binder = binder;
    const use = (module: { Scripting: typeof Scripting }): void => {
      if (this.#isClosed) return;
      this.#loaded = new module.Scripting(binder, target, this.#early);
    };
    const load = () => import("../commands/scripting.js");
    this.#module = new LazyModule(binder.element, load, use, () => target.handleMissingModule());
  }

  /**
   * Runs the binding of an element: sends the event that `text` names, or runs the commands that it contains. Tasks that
   * wait for the module run first.
   *
   * @returns a promise that resolves afterwards, if a module is loaded for it
   */
  perform(element: HTMLElement, text: string, send: BoundEventSender): Promise<void> | undefined {
    const needsModule = text.startsWith("[") || this.#binder.has(element, "optimistic", "target");
    const sendPlain = (): void => void send(text, {});
    if (needsModule) return this.use((scripting) => scripting.perform(element, text, send));
    // Also sent if the module cannot be loaded.
    if (this.#waiting > 0) return this.#load().then(sendPlain);
    sendPlain();
    return undefined;
  }

  /** Runs a task with the loaded module: now, or when it has been loaded. Then it returns a promise. */
  use(task: (scripting: Scripting) => void): Promise<void> | undefined {
    if (this.#loaded) {
      task(this.#loaded);
      return undefined;
    }
    this.#waiting++;
    return this.#load().then(() => {
      this.#waiting--;
      if (this.#loaded) task(this.#loaded);
    });
  }

  /** Mounts hooks that the application has added. */
  handleHooks(): void {
    this.#loaded?.update();
  }

  /** Called before the page shows an update, with its templates. The returned function is called afterwards. */
  beforeShow(templates: Templates | undefined): () => void {
    const afterShow = this.#loaded?.beforeShow();
    if (templates) isNeeded ||= needsScripting(templates, this.#binder.name(""));
    return () => {
      afterShow?.();
      if (isNeeded) void this.#load();
    };
  }

  close(): void {
    this.#isClosed = true;
    this.#loaded?.close();
  }

  #load(): Promise<void> {
    this.#loading ??= this.#start();
    return this.#loading;
  }

  async #start(): Promise<void> {
    const { element } = this.#binder;
    this.#early = [];
    const keep = (e: LiveServerEvent): void => {
      this.#early.push(e);
    };
    element.addEventListener("live-event", keep);
    await this.#module.load();
    element.removeEventListener("live-event", keep);
    // After a failure the next task tries again.
    if (!this.#loaded) this.#loading = undefined;
  }
}

/** Whether templates contain attributes that probably need the module. */
function needsScripting(templates: Templates, prefix: string): boolean {
  const always = "hook|mounted|remove|optimistic|target|(dis)?connected";
  // The value of these bindings is usually an event name in the template. If the attribute's value is an expression,
  // the template's string ends after `=` or `="`: the value is probably a list of commands.
  const withExpression = String.raw`(click|change|submit|key|window)[\w-]*=(\\")?"`;
  return new RegExp(`${prefix}(${always}|${withExpression})`).test(JSON.stringify(templates));
}
