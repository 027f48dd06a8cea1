import type { MountData } from "../../context.js";
import { LiveServerEvent } from "../../events.js";
import {
  applyDiff,
  applyPatch,
  type JoinReply,
  type PushedEvent,
  type Templates,
  type Update,
  type WireValue,
} from "../../protocol/index.js";
import { setPageTitle } from "../page/page-title.js";
import { show } from "../rendering/hydrate.js";
import { registerTemplates } from "../rendering/templates.js";
import { reuse } from "./reuse.js";

/** Who provides a view's data and dispatches its events. */
export interface ContentHost extends Pick<EventTarget, "dispatchEvent"> {
  mountData: MountData;
  /** What the names of the binding attributes begin with. */
  readonly bindingPrefix: string;
  /** Called before an update is shown, with its templates; what it returns, afterwards. */
  beforeShow(templates: Templates | undefined): (() => void) | undefined;
}

/** Where the content of a view goes. */
export interface ContentOptions {
  /** The view's is the page's title. */
  readonly isMain: boolean;
  /** Where the view is shown; a view without provides data only. */
  readonly container: HTMLElement | undefined;
}

/**
 * What a page has of a live view: its tree, shown; its data, provided; its title; and last, when all that
 * is in place, the events it pushed, but for those that are to come before.
 */
export class Content {
  readonly #host: ContentHost;
  readonly #options: ContentOptions;
  #tree: WireValue = null;
  #isHeld = false;

  constructor(host: ContentHost, options: ContentOptions) {
    this.#host = host;
    this.#options = options;
  }

  /**
   * Takes the whole view.
   *
   * @param isHeld nothing is shown before {@link release}
   * @throws ProtocolError when a template is missing, and whatever rendering throws.
   */
  mount({ rendered, provided, flash, ...update }: JoinReply, isHeld = false): void {
    registerTemplates(update.templates, this.#ignored);
    this.#dispatch(update.events, "before");
    this.#isHeld = isHeld;
    this.#show(rendered, update.templates);
    this.#host.mountData = reuse(this.#host.mountData, { ...provided, flash });
    this.#announce(update);
  }

  /**
   * Shows what has come while it was held.
   *
   * @throws whatever rendering throws.
   */
  release(): void {
    this.#isHeld = false;
    this.#show(this.#tree, undefined);
  }

  /**
   * Takes what has changed.
   *
   * @throws ProtocolError when it is no change of this view, and whatever rendering throws.
   */
  update(update: Update): void {
    registerTemplates(update.templates, this.#ignored);
    this.#dispatch(update.events, "before");
    if (update.diff && this.#options.container) {
      this.#show(applyDiff(this.#tree, update.diff), update.templates);
    }
    if (update.provided) this.#host.mountData = applyPatch(this.#host.mountData, update.provided);
    this.#announce(update);
  }

  get #ignored(): string {
    return `[${this.#host.bindingPrefix}ignore]`;
  }

  #show(tree: WireValue, templates: Templates | undefined): void {
    const { container } = this.#options;
    this.#tree = tree;
    if (!container) return;
    const afterShow = this.#host.beforeShow(templates);
    try {
      if (!this.#isHeld) show(tree, container, this.#ignored);
    } finally {
      afterShow?.();
    }
  }

  #announce({ title, events }: Pick<Update, "title" | "events">): void {
    if (title !== undefined && this.#options.isMain) setPageTitle(title);
    this.#dispatch(events);
  }

  #dispatch(events: Update["events"] = [], when?: PushedEvent[2]): void {
    for (const [name, payload, dispatch] of events) {
      if (dispatch !== when) continue;
      this.#host.dispatchEvent(new LiveServerEvent(name, payload));
      dispatchEvent(new CustomEvent(`live:${name}`, { detail: payload }));
    }
  }
}
