import type { LiveServerEvent } from "../../events.js";
import type { Templates } from "../../protocol/index.js";
import type { Scripting } from "../commands/scripting.js";
import type { Binder, BindingTarget, BoundEventSender } from "./binder.js";
import { useLazyModule } from "./lazy-module.js";

// Templates are sent once a connection, which several live sessions may share.
let isNeeded = false;

/**
 * Loads the part of the client for commands, hooks and optimistic changes, when a page needs it, and keeps the order
 * of what happens meanwhile.
 */
export class LazyScripting {
  readonly #binder: Binder;
  readonly #target: BindingTarget;
  #scripting: Scripting | undefined;
  #loading: Promise<void> | undefined;
  /** How many tasks wait for the part. */
  #waiting = 0;
  #isClosed = false;

  constructor(binder: Binder, target: BindingTarget) {
    this.#binder = binder;
    this.#target = target;
  }

  /**
   * Does what is bound to an element: pushes the event that the text names, or runs the commands in it; after what
   * waits for the part.
   */
  perform(element: HTMLElement, text: string, send: BoundEventSender): void {
    const prefix = this.#binder.name("");
    if (text[0] === "[" || element.matches(`[${prefix}optimistic],[${prefix}target]`)) {
      this.use((scripting) => scripting.perform(element, text, send));
    } else {
      const sendPlain = (): void => void send(text, {});
      if (this.#waiting) void this.#load().then(sendPlain);
      else sendPlain();
    }
  }

  /** Gives the part to a task, now or when it has been loaded. */
  use(task: (scripting: Scripting) => void): void {
    if (this.#scripting) {
      task(this.#scripting);
      return;
    }
    this.#waiting++;
    void this.#load().then(() => {
      this.#waiting--;
      if (this.#scripting) task(this.#scripting);
    });
  }

  /** Mounts hooks that have been named since. */
  handleHooks(): void {
    this.#scripting?.update();
  }

  /** To be called before the page shows an update, with its templates; what it returns, afterwards. */
  beforeShow(templates: Templates | undefined): () => void {
    const after = this.#scripting?.beforeShow();
    if (templates && !isNeeded) {
      // A binding whose value is not part of the template likely has commands.
      const needing = `${this.#binder.name("")}(hook|mounted|remove|optimistic|target|(click|change|submit|key|window)[\\w-]*=(\\\\")?")`;
      isNeeded = new RegExp(needing).test(JSON.stringify(templates));
    }
    return () => {
      after?.();
      if (isNeeded) void this.#load();
    };
  }

  close(): void {
    this.#isClosed = true;
    this.#scripting?.close();
  }

  #load(): Promise<void> {
    this.#loading ??= this.#start();
    return this.#loading;
  }

  async #start(): Promise<void> {
    const { element } = this.#binder;
    const early: LiveServerEvent[] = [];
    const keep = (e: LiveServerEvent): void => {
      early.push(e);
    };
    element.addEventListener("live-event", keep);
    await useLazyModule(element, import("../commands/scripting.js"), ({ Scripting }) => {
      if (!this.#isClosed) this.#scripting = new Scripting(this.#binder, this.#target, early);
    });
    element.removeEventListener("live-event", keep);
    // It may be had the next time.
    if (!this.#scripting) this.#loading = undefined;
  }
}
