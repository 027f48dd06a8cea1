import type { LiveServerEvent } from "../../events.js";
import type { Templates } from "../../protocol/index.js";
import type { BindingPush, Interop } from "../commands/scripting.js";
import type { Binder, BindingTarget } from "./bindings.js";
import { usePart } from "./lazy-module.js";

// Templates are sent once a connection, which several live sessions may share.
let isNeeded = false;

/**
 * Loads the part of the client for commands, hooks and optimistic changes, when a page needs it, and keeps the order
 * of what happens meanwhile.
 */
export class InteropPart {
  readonly #binder: Binder;
  readonly #target: BindingTarget;
  #interop: Interop | undefined;
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
  perform(element: HTMLElement, text: string, push: BindingPush): void {
    const prefix = this.#binder.name("");
    if (text[0] === "[" || element.matches(`[${prefix}optimistic],[${prefix}target]`)) {
      this.use((interop) => interop.perform(element, text, push));
    } else {
      const pushPlain = (): void => void push(text, {});
      if (this.#waiting) void this.#load().then(pushPlain);
      else pushPlain();
    }
  }

  /** Gives the part to a task, now or when it has been loaded. */
  use(task: (interop: Interop) => void): void {
    if (this.#interop) {
      task(this.#interop);
      return;
    }
    this.#waiting++;
    void this.#load().then(() => {
      this.#waiting--;
      if (this.#interop) task(this.#interop);
    });
  }

  /** Mounts hooks that have been named since. */
  handleHooks(): void {
    this.#interop?.update();
  }

  /** To be called before the page shows an update, with its templates; what it returns, afterwards. */
  beforeShow(templates: Templates | undefined): () => void {
    const after = this.#interop?.beforeShow();
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
    this.#interop?.close();
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
    await usePart(element, import("../commands/scripting.js"), ({ Interop }) => {
      if (!this.#isClosed) this.#interop = new Interop(this.#binder, this.#target, early);
    });
    element.removeEventListener("live-event", keep);
    // It may be had the next time.
    if (!this.#interop) this.#loading = undefined;
  }
}
